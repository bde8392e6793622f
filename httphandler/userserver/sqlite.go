package main

import (
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	_ "github.com/ncruces/go-sqlite3/driver" // "sqlite3"; ENGINES.md says why this one
	"github.com/userrecord/userrecord/sqlstore"
)

// sqliteSettings are those of every connection. Immediate is for transactions
// that read before they write: deferred ones fail if another process writes in
// between.
const sqliteSettings = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_txlock=immediate"

// sqliteConns are for one writer, readers, and the one that a server keeps.
const sqliteConns = 8

func sqliteFile(name string) database {
	return database{
		title:   "SQLite file " + strconv.Quote(name),
		dialect: sqlstore.SQLite,
		file:    name,
		touch:   touchSQLite,
		open: func() (*sql.DB, error) {
			// The -wal file, which holds values, gets the mode of the database (modeof).
			db, err := sql.Open("sqlite3", "file:"+escaped(filepath.ToSlash(name))+"?"+sqliteSettings+"&modeof="+escaped(name))
			if err == nil {
				db.SetMaxOpenConns(sqliteConns)
				db.SetMaxIdleConns(sqliteConns)
			}
			return db, err
		},
	}
}

// escaped escapes a name for SQLite's URIs, where + is no space.
func escaped(name string) string { return strings.ReplaceAll(url.QueryEscape(name), "+", "%20") }

// createFile sees to it that the file is there, and that nobody else can read a
// new one. An existing file is not opened: with some drivers, closing it would drop
// the locks that SQLite has on it in this process.
func createFile(name string, logger *slog.Logger) error {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return usagef("-db: the file cannot be created: %w", withoutName(err))
	}
	return checkFile(name, logger)
}

// checkFile refuses what is no file, and warns if others can read it.
func checkFile(name string, logger *slog.Logger) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return usagef("-db: the file cannot be opened: %w", withoutName(err))
	case !info.Mode().IsRegular():
		return usagef("-db: this is no file, but a directory or a device")
	case info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows":
		logger.Warn("others can read the database: chmod 600 it", "file", name, "mode", info.Mode().String())
	}
	createIndex(name, info.Mode())
	return nil
}

// createIndex creates the -shm file, with the mode of the database: the driver
// would give it all that the umask leaves. Where that is not possible, SQLite will
// say why.
func createIndex(name string, mode fs.FileMode) {
	f, err := os.OpenFile(name+"-shm", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_ = f.Chmod(mode.Perm())
		_ = f.Close()
	}
}

// withoutName returns the cause of an error of package os, which shows the name
// of the file.
func withoutName(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
