//go:build !memory

package main

import _ "github.com/ncruces/go-sqlite3/driver" // "sqlite3"; ENGINES.md says why this one

const hasDrivers = true

// defaultDB is the default of -db, an SQLite file.
const defaultDB = "users.db"
