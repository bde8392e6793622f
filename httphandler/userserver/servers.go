package main

import (
	"cmp"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
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

// connectPostgres accepts only a URL: almost any text is valid in the other form of pgx.
func connectPostgres(source string) (driver.Connector, error) {
	if !strings.HasPrefix(source, "postgres://") && !strings.HasPrefix(source, "postgresql://") {
		return nil, errForm
	}
	cfg, err := pgx.ParseConfig(source)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(source, "connect_timeout") {
		cfg.ConnectTimeout = connectTimeout // instead of two minutes
	}
	return stdlib.GetConnector(*cfg), nil
}

func connectMySQL(source string) (driver.Connector, error) {
	cfg, err := parseMySQL(source)
	if err != nil {
		return nil, err
	}
	if cfg.DBName == "" {
		return nil, errForm
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = connectTimeout
	}
	cfg.Logger = new(mysql.NopLogger) // the same comes as an error, too
	return mysql.NewConnector(cfg)
}

// parseMySQL parses the driver's own form, or a URL.
func parseMySQL(source string) (*mysql.Config, error) {
	if !strings.HasPrefix(source, "mysql://") && !strings.HasPrefix(source, "mariadb://") {
		return parseDSN(source)
	}
	u, err := url.Parse(source)
	if err != nil {
		return nil, err
	}
	if u.Hostname() == "" {
		return nil, errForm
	}
	port := cmp.Or(u.Port(), "3306")
	// The driver parses the parameters. There a slash would end the address.
	cfg, err := parseDSN("tcp(" + net.JoinHostPort(u.Hostname(), port) + ")/?" + strings.ReplaceAll(u.RawQuery, "/", "%2F"))
	if err != nil {
		return nil, err
	}
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.DBName = strings.TrimPrefix(u.Path, "/")
	return cfg, nil
}

// parseDSN is [mysql.ParseDSN], which panics at an obsolete parameter.
func parseDSN(source string) (cfg *mysql.Config, err error) {
	defer func() {
		if recover() != nil {
			err = errForm
		}
	}()
	return mysql.ParseDSN(source)
}
