package main

import (
	"context"
	"database/sql"
	"log/slog"
	"regexp"
	"strings"

	"github.com/userrecord/userrecord/sqlstore"
)

// databaseEnv is the environment variable with the data source name.
const databaseEnv = "DATABASE_URL"

// The values of -db that are not file names.
const (
	dbMemory   = "memory"
	dbPostgres = "postgres"
	dbMySQL    = "mysql"
)

// A database is the choice of -db and the environment. It is not open yet.
type database struct {
	title   string // printed at the start; contains no secrets
	dialect sqlstore.Dialect
	memory  bool
	file    string // of SQLite, or ""
	open    func() (*sql.DB, error)
	touch   func(context.Context, *sql.Tx) error // see sqlDatabase

	openImport func() (*sql.DB, error) // for an import, if that is another way; or nil
}

const dbUsage = "`DATABASE`: the name of an SQLite file, which is created, or postgres or mysql (or MariaDB), with the data source name in " + databaseEnv

// findDatabase returns the database for a value of -db. Its errors are usage errors,
// and show neither the value nor the data source name.
func findDatabase(name string, lookupEnv lookupEnv) (database, error) {
	if name == dbMemory {
		return database{title: "memory: the users are lost at exit", memory: true}, nil
	}
	if !hasDrivers {
		return database{}, usagef("-db: this program was built with -tags memory, without the drivers of databases: use -db %s, or build it without the tag", dbMemory)
	}
	if s, ok := servers[name]; ok {
		return s.database(lookupEnv)
	}
	if err := checkFileName(name); err != nil {
		return database{}, err
	}
	return sqliteFile(name), nil
}

// warnIgnored warns if the environment has a data source name that this database does
// not use.
func (d database) warnIgnored(lookupEnv lookupEnv, logger *slog.Logger) {
	if source, _ := lookupEnv(databaseEnv); source != "" && (d.memory || d.file != "") {
		logger.Warn(databaseEnv + " is set and ignored: only -db " + dbPostgres + " and -db " + dbMySQL + " use it")
	}
}

// dataSource matches data source names, which may contain a password.
var dataSource = regexp.MustCompile(`(?i)://|@|\b(password|passwd|pwd|user|host|dbname)\s*=`)

// notFiles are lower-case names that nobody means as file names, and the value of -db
// that is probably meant.
var notFiles = map[string]string{
	"":           defaultDB,
	"memory":     dbMemory,
	":memory:":   dbMemory,
	"postgres":   dbPostgres,
	"postgresql": dbPostgres,
	"pgx":        dbPostgres,
	"mysql":      dbMySQL,
	"mariadb":    dbMySQL,
	"sqlite":     defaultDB,
	"sqlite3":    defaultDB,
}

func checkFileName(name string) error {
	lower := strings.ToLower(name)
	switch instead, ok := notFiles[lower]; {
	case dataSource.MatchString(name):
		return usagef("-db: this is a data source name, which may hold a password: put it into %s, and use -db %s or -db %s", databaseEnv, dbPostgres, dbMySQL)
	case strings.HasPrefix(lower, "file:"):
		return usagef("-db: give the name of the file alone, without file: and parameters")
	case ok:
		return usagef("-db: this is not the name of a database: use -db %s (or put ./ before the name of a file)", instead)
	}
	return nil
}
