package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// besideSQLite are the suffixes of the names of SQLite's files.
var besideSQLite = []string{"", "-wal", "-shm", "-journal"}

// checkNotDatabase refuses a FILE that is the database or a file that SQLite keeps
// beside it, and one that is another SQLite database: an export would replace it, and
// no import can read it.
func (t transfer) checkNotDatabase() error {
	if t.file == "" {
		return nil
	}
	if db := t.db.file; db != "" {
		for _, ending := range besideSQLite {
			if isSameFile(t.file, resolved(db)+ending) {
				return usagef("FILE is the database, or one of the files that SQLite keeps beside it: name another")
			}
		}
	}
	if isSQLite(t.file) {
		return usagef("FILE is an SQLite database, not a file of JSON lines: name a database with -db")
	}
	return nil
}

// isSameFile reports whether two names mean the same file, which need not exist.
func isSameFile(a, b string) bool {
	return sameInfo(a, b) || strings.EqualFold(filepath.Base(a), filepath.Base(b)) && sameInfo(filepath.Dir(a), filepath.Dir(b))
}

func sameInfo(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// sqliteHeader starts every non-empty database (sqlite.org/fileformat.html, section
// 1.3).
var sqliteHeader = []byte("SQLite format 3\x00")

// isSQLite reports whether the file has SQLite's header. It reads only regular files,
// because what is read from a pipe is lost. If this process has the database open,
// closing the file drops SQLite's locks with some drivers; not with ncruces, whose locks
// belong to the open file (fcntl(2), "Open file description locks").
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
