package main

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"net/url"
	"os"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib"       // "pgx"
	_ "github.com/ncruces/go-sqlite3/driver" // "sqlite3"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/userrecord/userrecord/sqlstore"
)

// A database is of one of two engines, for which all statements are the same.
type database struct {
	*sql.DB
	dialect sqlstore.Dialect
}

// openDatabase opens and migrates the PostgreSQL database at dsn or, if that is empty,
// the SQLite file.
func openDatabase(ctx context.Context, dsn, file string) (database, error) {
	if dsn == "" {
		return openSQLite(ctx, file)
	}
	locker, err := lock.NewPostgresSessionLocker() // several instances may start at once
	if err != nil {
		return database{}, err
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return database{}, err
	}
	return migrated(ctx, database{db, sqlstore.PostgreSQL}, goose.DialectPostgres, "postgresql", goose.WithSessionLocker(locker))
}

func openSQLite(ctx context.Context, file string) (database, error) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600) // only its owner may read it
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return database{}, err
	}
	name := strings.ReplaceAll(url.QueryEscape(file), "+", "%20")
	db, err := sql.Open("sqlite3", "file:"+name+"?modeof="+name+"&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return database{}, err
	}
	return migrated(ctx, database{db, sqlstore.SQLite}, goose.DialectSQLite3, "sqlite")
}

//go:embed migrations
var migrations embed.FS

// migrated applies the migrations in the directory. If that fails, it closes db.
func migrated(ctx context.Context, db database, dialect goose.Dialect, dir string, opts ...goose.ProviderOption) (database, error) {
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	files, err := fs.Sub(migrations, "migrations/"+dir)
	if err == nil {
		var provider *goose.Provider
		if provider, err = goose.NewProvider(dialect, db.DB, files, opts...); err == nil {
			_, err = provider.Up(ctx)
		}
	}
	if err != nil {
		db.Close()
	}
	return db, err
}
