#!/usr/bin/env bash
# github.com/ncruces/go-sqlite3 v0.37.0 and modernc.org/sqlite v1.62.0, Go 1.26.8.
#
# Guessed: both are SQLite, so a disk that fills up under a growing database is
# SQLITE_FULL (13) with either: a retry loop or an alert that asks for 13 works
# with both.
#
# Seen, with a database in WAL mode on a file system of 1 MB: modernc answers 13;
# ncruces answers 778 (SQLITE_IOERR_WRITE), whose primary code is 10, the one of a
# broken disk. Its errors.Is(err, sqlite3.FULL) is false. Both keep what was committed,
# and go on once there is room.
#
#   modernc: 13
#   ncruces: 778 FULL=false
#
# It mounts a small file system in a namespace of its own, for which it needs the
# right to create one (unshare -Urm, or root).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir disk
cat >go.mod <<'MOD'
module finding

go 1.26.0

require (
	github.com/ncruces/go-sqlite3 v0.37.0
	modernc.org/sqlite v1.62.0
)
MOD
cat >main.go <<'GO'
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/driver"
	"modernc.org/sqlite"
)

func main() {
	for _, d := range [][2]string{{"modernc", "sqlite"}, {"ncruces", "sqlite3"}} {
		file := "disk/" + d[0]
		db, err := sql.Open(d[1], "file:"+file+"?_pragma=journal_mode(WAL)")
		if err == nil {
			_, err = db.Exec("CREATE TABLE t (text)")
		}
		for n := 0; err == nil && n < 1000; n++ {
			_, err = db.Exec("INSERT INTO t VALUES (zeroblob(20000))")
		}
		var modernc *sqlite.Error
		var ncruces sqlite3.ExtendedErrorCode
		switch {
		case errors.As(err, &modernc):
			fmt.Printf("%s: %d\n", d[0], modernc.Code())
		case errors.As(err, &ncruces):
			fmt.Printf("%s: %d FULL=%t\n", d[0], ncruces, errors.Is(err, sqlite3.FULL))
		default:
			fmt.Printf("%s: %v\n", d[0], err)
		}
		db.Close()
		for _, ending := range []string{"", "-wal", "-shm"} {
			os.Remove(file + ending)
		}
	}
}
GO
GOTOOLCHAIN=go1.26.8 GOFLAGS=-mod=mod go build -o finding .
unshare -Urm sh -c 'mount -t tmpfs -o size=1m tmpfs disk && ./finding' | tee seen
printf 'modernc: 13\nncruces: 778 FULL=false\n' >want
diff -u want seen
