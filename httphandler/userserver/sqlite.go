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

	"github.com/userrecord/userrecord/sqlstore"
)

// sqliteSettings are the settings of every connection. Transactions are immediate,
// because a deferred one that reads first fails if another process writes in between.
// The -wal file, which grows while somebody reads for long, shrinks to 16 MiB afterwards.
const sqliteSettings = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_pragma=journal_size_limit(16777216)&_txlock=immediate"

// sqliteImportSettings make an import write pages to the file once for many changes. The
// -wal file grows to about 100 MB meanwhile, and is not shrunk each time.
const sqliteImportSettings = "&_pragma=wal_autocheckpoint(16000)&_pragma=journal_size_limit(-1)"

// sqliteConns are for one writer, some readers, and the connection of watch.
const sqliteConns = 8

func sqliteFile(name string) database {
	open := func(settings string) (*sql.DB, error) {
		// The -wal file, which holds values, gets the mode of the database (modeof).
		db, err := sql.Open("sqlite3", "file:"+escaped(filepath.ToSlash(name))+"?"+settings+"&modeof="+escaped(name))
		if err == nil {
			db.SetMaxOpenConns(sqliteConns)
			db.SetMaxIdleConns(sqliteConns)
		}
		return db, err
	}
	return database{
		title:      "SQLite file " + strconv.Quote(name),
		dialect:    sqlstore.SQLite,
		file:       name,
		touch:      touchSQLite,
		open:       func() (*sql.DB, error) { return open(sqliteSettings) },
		openImport: func() (*sql.DB, error) { return open(sqliteSettings + sqliteImportSettings) },
	}
}

// escaped escapes a name for SQLite's URIs, in which + is not a space.
func escaped(name string) string { return strings.ReplaceAll(url.QueryEscape(name), "+", "%20") }

// createFile creates the file if it does not exist, readable by its owner only.
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

// checkFile checks that this is a regular file, and warns if others can read it. A file
// that SQLite will refuse gets no -shm file.
func checkFile(name string, logger *slog.Logger) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return usagef("-db: the file cannot be opened: %w", withoutName(err))
	case !info.Mode().IsRegular():
		return usagef("-db: this is a directory or a device, not a file")
	case info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows":
		logger.Warn("others can read the database: chmod 600 it", "file", name, "mode", info.Mode().String())
	}
	if info.Size() == 0 || isSQLite(name) {
		createIndex(resolved(name), info.Mode())
	}
	return nil
}

// resolved returns the file that the name leads to through symbolic links, because
// SQLite keeps its own files beside that one.
func resolved(name string) string {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		return real
	}
	return name
}

// createIndex creates the -shm file of a database with the mode of that, because the
// driver would give it the mode of the umask. If that fails, SQLite will say why.
func createIndex(name string, mode fs.FileMode) {
	f, err := os.OpenFile(name+"-shm", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_ = f.Chmod(mode.Perm())
		_ = f.Close()
	}
}

// withoutName returns the cause of an error of package os, whose text shows the name of
// the file.
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
