package sqlstore

import (
	"fmt"
	"io"
)

// Errors shaped like those of the drivers, as far as this package looks at them.

type pgxError struct{ Code, Severity, Routine, Message, Detail, ColumnName, ConstraintName string }

func (e *pgxError) Error() string {
	return "ERROR: " + e.Message + " (SQLSTATE " + e.Code + ") " + e.Detail
}
func (e *pgxError) SQLState() string { return e.Code }

type pqCode string

type pqError struct {
	Code                                pqCode
	Message, Detail, Column, Constraint string
}

func (e *pqError) Error() string    { return "pq: " + e.Message + " " + e.Detail }
func (e *pqError) SQLState() string { return string(e.Code) }

type mysqlError struct {
	Number   uint16
	SQLState [5]byte
	Message  string
}

func (e *mysqlError) Error() string { return fmt.Sprintf("Error %d: %s", e.Number, e.Message) }

type moderncError struct {
	text string
	code int
}

func (e *moderncError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }
func (e *moderncError) Code() int     { return e.code }

type (
	ncrucesCode     uint8
	ncrucesExtended uint16
)

// Error makes the code an error of its own.
func (ncrucesExtended) Error() string { return "sqlite3: disk I/O error" }

type ncrucesError struct {
	text string
	code uint16
}

func (e *ncrucesError) Error() string                 { return "sqlite3: " + e.text }
func (e *ncrucesError) Code() ncrucesCode             { return ncrucesCode(e.code) }
func (e *ncrucesError) ExtendedCode() ncrucesExtended { return ncrucesExtended(e.code) }

type (
	mattnNo       int
	mattnExtended int
)

// mattnError is an error that is no pointer.
type mattnError struct {
	Code         mattnNo
	ExtendedCode mattnExtended
	err          string
}

func (e mattnError) Error() string { return e.err }

// connectError is like pgconn's, for a failure to connect.
type connectError struct{}

func (connectError) Error() string     { return "cannot connect" }
func (connectError) SafeToRetry() bool { return true }

// errBroken is the error of a broken connection.
var errBroken error = io.ErrUnexpectedEOF

// Errors of each class.
var (
	conflicts = map[Dialect]error{
		SQLite:     &moderncError{"database is locked", 517},
		PostgreSQL: &pgxError{Code: "40001"},
		MySQL:      &mysqlError{Number: 1213},
		MariaDB:    &mysqlError{Number: 1213},
	}
	unavailables = map[Dialect]error{
		SQLite:     &moderncError{"unable to open database file", 14},
		PostgreSQL: &pgxError{Code: "25006"},
		MySQL:      &mysqlError{Number: 1047},
		MariaDB:    &mysqlError{Number: 1047},
	}
	refusals = map[Dialect]error{
		SQLite:     &moderncError{"constraint failed: CHECK constraint failed: email", 275},
		PostgreSQL: &pgxError{Code: "23514", ColumnName: "email"},
		MySQL:      &mysqlError{Number: 1048, Message: "Column 'email' cannot be null"},
		MariaDB:    &mysqlError{Number: 1048, Message: "Column 'email' cannot be null"},
	}
	failures = map[Dialect]error{
		SQLite:     &moderncError{"database or disk is full", 13},
		PostgreSQL: &pgxError{Code: "53100"},
		MySQL:      &mysqlError{Number: 1021},
		MariaDB:    &mysqlError{Number: 1021},
	}
	missingTable = map[Dialect]error{
		SQLite:     &moderncError{"SQL logic error: no such table: users", 1},
		PostgreSQL: &pgxError{Code: "42P01", Message: `relation "users" does not exist`},
		MySQL:      &mysqlError{Number: 1146, Message: "Table 'app.users' doesn't exist"},
		MariaDB:    &mysqlError{Number: 1146, Message: "Table 'app.users' doesn't exist"},
	}
	takenID = map[Dialect]error{
		SQLite:     &moderncError{"constraint failed: UNIQUE constraint failed: users.id", 1555},
		PostgreSQL: &pgxError{Code: "23505", Detail: "Key (id)=(00000000-0000-0000-0000-000000000001) already exists.", ConstraintName: "users_pkey"},
		MySQL:      &mysqlError{Number: 1062, Message: "Duplicate entry '00000000-0000-0000-0000-000000000001' for key 'users.PRIMARY'"},
		MariaDB:    &mysqlError{Number: 1062, Message: "Duplicate entry '00000000-0000-0000-0000-000000000001' for key 'PRIMARY'"},
	}
	takenEmail = map[Dialect]error{
		SQLite:     &moderncError{"constraint failed: UNIQUE constraint failed: users.email", 2067},
		PostgreSQL: &pgxError{Code: "23505", Detail: "Key (email)=(a@example.com) already exists.", ConstraintName: "users_email_key"},
		MySQL:      &mysqlError{Number: 1062, Message: "Duplicate entry 'a@example.com' for key 'users.users_email_key'"},
		MariaDB:    &mysqlError{Number: 1062, Message: "Duplicate entry 'a@example.com' for key 'users_email_key'"},
	}
)

var allDialects = []Dialect{SQLite, PostgreSQL, MySQL, MariaDB}
