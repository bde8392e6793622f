package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func isPostgreSQL(database string) bool { return strings.HasPrefix(database, "postgres://") }

// The settings. Those of the documentation are what its page "Connecting to a Database"
// shows; the tuned ones add what its page "Performance" advises, and the durability and
// the number of connections of userserver.
const (
	documented = "documented"
	tuned      = "tuned"
)

// serverConns are userserver's.
const serverConns = 16

func open(database, settings string) (*gorm.DB, error) {
	if settings != documented && settings != tuned {
		return nil, fmt.Errorf("settings are %s or %s", documented, tuned)
	}
	cfg := &gorm.Config{Logger: logger.Default.LogMode(logger.Error)}
	if settings == tuned {
		cfg.PrepareStmt, cfg.SkipDefaultTransaction = true, true
	}
	db, err := gorm.Open(dialector(database, settings), cfg)
	if err != nil {
		return nil, err
	}
	return db, limitConns(db, isPostgreSQL(database), settings)
}

func dialector(database, settings string) gorm.Dialector {
	switch {
	case isPostgreSQL(database):
		return postgres.Open(database)
	case settings == tuned:
		return openSQLite(database + tunedSQLite)
	}
	return openSQLite(database)
}

// limitConns sets the pool. One connection is best for SQLite, which has one writer:
// others would wait for it by sleeping.
func limitConns(db *gorm.DB, server bool, settings string) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	switch {
	case settings == documented: // "Connection Pool" on that page
		pool.SetMaxIdleConns(10)
		pool.SetMaxOpenConns(100)
		pool.SetConnMaxLifetime(time.Hour)
	case server:
		pool.SetMaxIdleConns(serverConns)
		pool.SetMaxOpenConns(serverConns)
	default:
		pool.SetMaxOpenConns(1)
	}
	return nil
}

// seed creates the table and the users of a file of JSON lines.
func seed(db *gorm.DB, file string) error {
	if err := db.AutoMigrate(&User{}); err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	var users []User
	for lines := bufio.NewScanner(f); lines.Scan(); {
		user, err := readUser(lines.Bytes())
		if err != nil {
			return err
		}
		users = append(users, user)
	}
	return db.CreateInBatches(users, 100).Error
}

// readUser decodes a line of userserver's export.
func readUser(line []byte) (User, error) {
	var u struct {
		ID         string
		CreatedAt  time.Time
		Attributes Attributes
	}
	err := json.Unmarshal(line, &u)
	return User{u.ID, u.CreatedAt, u.Attributes}, err
}

// read prints the rows of a query, each in a line, with tabs between the columns.
func read(database, query string, stdout io.Writer) (err error) {
	db, err := open(database, documented)
	if err != nil {
		return err
	}
	rows, err := db.Raw(query).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	texts, targets := make([]string, len(columns)), make([]any, len(columns))
	for i := range texts {
		targets[i] = &texts[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(stdout, strings.Join(texts, "\t")); err != nil {
			return err
		}
	}
	return rows.Err()
}
