package drivertest

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
)

// A place is an empty database that can be opened more than once, or otherwise.
type place struct{ driver, dsn string }

// place returns a new one.
func (d database) place(t testing.TB) place {
	t.Helper()
	switch d.name {
	case "SQLite-modernc":
		return place{"sqlite", sqliteDSN(newFile(t))}
	case "SQLite-ncruces":
		return place{"sqlite3", sqliteDSN(newFile(t))}
	case "PostgreSQL":
		return placeOn(t, postgreSQL)
	}
	return placeOn(t, mariaDB)
}

func placeOn(t testing.TB, server *engine.Shared) place {
	t.Helper()
	db := server.Server(t).NewDatabase(t)
	return place{db.Driver, db.DSN}
}

func (p place) open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open(p.driver, p.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	return db
}

// store returns a Store in the table users, which need not exist.
func (d database) store(t testing.TB, db *sql.DB) *sqlstore.Store {
	t.Helper()
	store, err := sqlstore.New(db, d.dialect, d.options())
	require.NoError(t, err)
	return store
}

// migrated returns a Store in the table users, which is created.
func (d database) migrated(t testing.TB, db *sql.DB) *sqlstore.Store {
	t.Helper()
	store := d.store(t, db)
	require.NoError(t, store.Migrate(t.Context()))
	return store
}

func mustExec(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), statement, args...)
	require.NoError(t, err, statement)
}
