//go:build mattn

package main

import (
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// tunedSQLite gives the file the durability of userserver.
const tunedSQLite = "?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000"

// openSQLite uses the driver of gorm's documentation, mattn/go-sqlite3: SQLite itself,
// through cgo.
func openSQLite(source string) gorm.Dialector { return sqlite.Open(source) }
