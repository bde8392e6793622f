//go:build !mattn

package main

import (
	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
)

// tunedSQLite gives the file the durability of userserver.
const tunedSQLite = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)"

// openSQLite uses SQLite translated to Go (modernc.org/sqlite).
func openSQLite(source string) gorm.Dialector { return sqlite.Open(source) }
