package main

import (
	"context"
	"database/sql"
	"log/slog"
	"regexp"
	"strings"

	"github.com/userrecord/userrecord/sqlstore"
)

// databaseEnv is the environment variable of the data source name.
const databaseEnv = "DATABASE_URL"

// The names of -db that are no file.
const (
	dbMemory   = "memory"
	dbPostgres = "postgres"
	dbMySQL    = "mysql"
)

// defaultDB is the file beside which SQLite keeps its -wal and -shm.
const defaultDB = "users.db"

// A database is where -db, and the environment, say that the users are.
type database struct {
	title   string // for people, without secrets
	dialect sqlstore.Dialect
	memory  bool
	file    string // of SQLite; "" for the others
	open    func() (*sql.DB, error)
	touch   func(context.Context, *sql.Tx) error // see sqlUsers
}

const dbUsage = "`DATABASE`: the name of an SQLite file, which is created, or postgres or mysql (or MariaDB), with the data source name in " + databaseEnv

// findDatabase returns the database of that name. Its errors are usage errors,
// and show neither the name nor the data source name.
func findDatabase(name string, lookupEnv lookupEnv) (database, error) {
	if name == dbMemory {
		return database{title: "memory: the users are lost at exit", memory: true}, nil
	}
	if s, ok := servers[name]; ok {
		return s.database(lookupEnv)
	}
	if err := checkFileName(name); err != nil {
		return database{}, err
	}
	return sqliteFile(name), nil
}

// warnIgnored warns of a data source name that another database than this one is
// in.
func (d database) warnIgnored(lookupEnv lookupEnv, logger *slog.Logger) {
	if source, _ := lookupEnv(databaseEnv); source != "" && (d.memory || d.file != "") {
		logger.Warn(databaseEnv + " is set and ignored: only -db " + dbPostgres + " and -db " + dbMySQL + " use it")
	}
}

// dataSource matches what is no file name but may hold a password.
var dataSource = regexp.MustCompile(`(?i)://|@|\b(password|passwd|pwd|user|host|dbname)\s*=`)

// meant are names, in lower case, by which nobody means a file.
var meant = map[string]string{
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
	switch instead, ok := meant[lower]; {
	case dataSource.MatchString(name):
		return usagef("-db: this is a data source name, which may hold a password: put it into %s, and use -db %s or -db %s", databaseEnv, dbPostgres, dbMySQL)
	case strings.HasPrefix(lower, "file:"):
		return usagef("-db: give the name of the file alone, without file: and parameters")
	case ok:
		return usagef("-db: this is no database: use -db %s (a file of the given name would be ./ and the name)", instead)
	}
	return nil
}
