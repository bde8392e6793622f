//go:build memory

package main

import (
	"database/sql/driver"
	"errors"
)

// The drivers of databases, SQLite above all, are half of the time that a first build
// takes. With -tags memory there are none: the users are in memory.
const (
	hasDrivers = false
	defaultDB  = dbMemory
)

var errNoDriver = errors.New("no driver")

func connectPostgres(string) (driver.Connector, error) { return nil, errNoDriver }
func connectMySQL(string) (driver.Connector, error)    { return nil, errNoDriver }

// codesOf knows no codes, since nothing makes them.
func codesOf(error) (code, primary string) { return "", "" }

// isTerminal knows no terminals: only import and export ask, which need a database.
func isTerminal(any) bool { return false }
