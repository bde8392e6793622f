package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// besideSQLite are the endings of the names of SQLite's files.
var besideSQLite = []string{"", "-wal", "-shm", "-journal"}

// checkApart refuses a FILE that is the database, that SQLite keeps beside it,
// or that is another SQLite database: an export would replace it, and no import
// can read it.
func (t transfer) checkApart() error {
	if t.file == "" {
		return nil
	}
	if db := t.db.file; db != "" {
		if real, err := filepath.EvalSymlinks(db); err == nil {
			db = real
		}
		for _, ending := range besideSQLite {
			if isSameFile(t.file, db+ending) {
				return usagef("FILE is the database, or one of the files that SQLite keeps beside it: name another")
			}
		}
	}
	if isSQLite(t.file) {
		return usagef("FILE is an SQLite database, and no file of JSON lines: a database is named by -db")
	}
	return nil
}

// isSameFile reports whether two names are of one file, be it there or not.
func isSameFile(a, b string) bool {
	return sameInfo(a, b) || strings.EqualFold(filepath.Base(a), filepath.Base(b)) && sameInfo(filepath.Dir(a), filepath.Dir(b))
}

func sameInfo(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// sqliteHeader begins every database that is not empty (sqlite.org/fileformat.html,
// section 1.3).
var sqliteHeader = []byte("SQLite format 3\x00")

// isSQLite reads the header, of nothing but a file: what a pipe gives is gone. It
// must not be called while this process has the database open, since closing the
// file drops SQLite's locks.
func isSQLite(name string) bool {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	header := make([]byte, len(sqliteHeader))
	_, err = io.ReadFull(f, header)
	return err == nil && bytes.Equal(header, sqliteHeader)
}
