package engine

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// A Database is an empty database of a test's own.
type Database struct {
	Name   string // such as test_ab12..., in lower case
	Driver string // for sql.Open: "pgx" or "mysql"
	DSN    string
}

// NewDatabase creates a database and drops it when the test ends, unless its
// server does not run then. The name needs no quoting.
func (s *Server) NewDatabase(t testing.TB) Database {
	t.Helper()
	db, err := s.createDatabase()
	Require(t, err)
	t.Cleanup(func() {
		if !s.running() {
			return
		}
		if err := s.patiently(fmt.Sprintf(s.product.dropFormat, db.Name)); err != nil {
			t.Errorf("%s: drop database: %v", s.product.name, err)
		}
	})
	return db
}

func (s *Server) createDatabase() (Database, error) {
	name := "test_" + strings.ToLower(rand.Text())
	dsn, err := s.product.inDatabase(s.DSN(), name)
	if err == nil {
		err = s.patiently("create database " + name)
	}
	return Database{Name: name, Driver: s.product.driver, DSN: dsn}, s.product.wrap(err)
}

// Open opens the database and closes it when the test ends.
func (d Database) Open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open(d.Driver, d.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return db
}

// patiently runs a statement that may have to wait, for others or for the disk.
func (s *Server) patiently(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.exec(ctx, statement)
}

func (s *Server) running() bool {
	if s.External() {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process != nil && !s.process.hasEnded()
}
