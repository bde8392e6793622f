package main

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/userrecord/userrecord/sqlstore"
)

// A server is a kind of database server.
type server struct {
	title   string
	dialect sqlstore.Dialect
	form    string // the form of the data source name
	connect func(source string) (driver.Connector, error)
}

var servers = map[string]server{
	dbPostgres: {"PostgreSQL", sqlstore.PostgreSQL, "postgres://USER:PASSWORD@HOST:PORT/DATABASE", connectPostgres},
	dbMySQL:    {"MySQL or MariaDB", sqlstore.MySQL, "USER:PASSWORD@tcp(HOST:PORT)/DATABASE or mysql://USER:PASSWORD@HOST:PORT/DATABASE", connectMySQL},
}

// The limits of the connection pool. Connections are short-lived, so that few are left
// when the server closes old ones, or the name points to another server.
const (
	serverConns    = 16
	connLifetime   = 5 * time.Minute
	connectTimeout = 10 * time.Second
)

// database returns the database of the data source name in the environment. No error
// shows that name, or the drivers' errors about it, which quote it.
func (s server) database(lookupEnv lookupEnv) (database, error) {
	source, _ := lookupEnv(databaseEnv)
	if source == "" {
		return database{}, usagef("%s is not set: put the data source name into it, in the form %s", databaseEnv, s.form)
	}
	connector, err := s.connect(source)
	if err != nil {
		return database{}, usagef("%s cannot be read (it is not shown): the form is %s, with special characters in parts of a URL percent-encoded", databaseEnv, s.form)
	}
	open := func() (*sql.DB, error) {
		db := sql.OpenDB(connector)
		db.SetMaxOpenConns(serverConns)
		db.SetMaxIdleConns(serverConns)
		db.SetConnMaxLifetime(connLifetime)
		return db, nil
	}
	return database{title: s.title + " of " + databaseEnv, dialect: s.dialect, open: open}, nil
}

var errForm = errors.New("not the wanted form")
