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
	db, err := s.administration()
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return err
}

// administration returns the connections over which databases are created and dropped.
// They are kept: at PostgreSQL each is a process that first has to read its catalog.
func (s *Server) administration() (db *sql.DB, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.admin == nil {
		if s.admin, err = s.product.open(s.DSN()); err != nil {
			return nil, err
		}
		s.admin.SetMaxIdleConns(8)
	}
	return s.admin, nil
}

// endAdministration closes the connections; those to a server that has ended are dead.
func (s *Server) endAdministration() (err error) {
	if s.admin != nil {
		err = s.admin.Close()
		s.admin = nil
	}
	return err
}

func (s *Server) running() bool {
	if s.External() {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process != nil && !s.process.hasEnded()
}
