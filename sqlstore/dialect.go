package sqlstore

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Dialect is the kind of database behind the driver. The zero value is none.
type Dialect int

const (
	// SQLite is version 3.37 or newer. Concurrent writes share a transaction, and
	// each returns after its commit; see ENGINES.md.
	//
	// Every connection must be in WAL mode, so that readers never wait for the
	// writer, with synchronous=FULL, a busy_timeout, locking_mode=NORMAL and without
	// cache=shared, and the pool must allow at least two connections. With
	// github.com/ncruces/go-sqlite3, which ENGINES.md compares with others, that is
	//
	//	file:users.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&modeof=users.db
	//
	// where busy_timeout is first, so that journal_mode waits for a lock, too.
	//
	// Add _txlock=immediate for your own transactions that read before they write.
	// A deleted user's bytes stay in free pages of the file until they are
	// overwritten; secure_delete(ON) zeroes them.
	SQLite Dialect = iota + 1

	// PostgreSQL is version 12 or newer. A patch is one statement in one round trip.
	// The database and the client must be encoded in UTF-8, fsync must be on, the
	// table not UNLOGGED, and synchronous_commit not off. Behind a pooler, another
	// client may have switched that off on the connection: each write switches it
	// back on for itself. full_page_writes may be off where the file system never
	// tears a page.
	//
	// With a synchronous standby, give pgx both hosts and
	// target_session_attrs=read-write; see ENGINES.md.
	PostgreSQL

	// MySQL is version 8 or newer with InnoDB; MariaDB is accepted too. A patch is a
	// transaction of an UPDATE and a SELECT. The session must be in strict mode with
	// autocommit, and its character set utf8mb4. innodb_flush_log_at_trx_commit must
	// be 1, or 3 on MariaDB, and sync_binlog 1 where there is a binary log; both may be
	// less in a Galera cluster, where other nodes keep each commit. innodb_doublewrite
	// may be off where the file system never tears a page.
	MySQL

	// MariaDB is version 10.5 or newer with InnoDB, alone or in a Galera cluster (see
	// [Failover]). It is [MySQL], and refuses any other engine.
	MariaDB
)

// String returns the engine's name.
func (d Dialect) String() string {
	if e := d.engine(); e != nil {
		return e.name
	}
	return fmt.Sprintf("Dialect(%d)", int(d))
}

// engine returns what there is to know about the dialect, or nil if there is no
// such dialect.
func (d Dialect) engine() *engine {
	if d < 0 || int(d) >= len(engines) {
		return nil
	}
	return engines[d]
}

var engines = [...]*engine{SQLite: &sqlite, PostgreSQL: &postgreSQL, MySQL: &mySQL, MariaDB: &mariaDB}

var errNoDialect = errors.New("sqlstore: the dialect is not one of SQLite, PostgreSQL, MySQL and MariaDB")

// An engine is how one kind of database differs from the others. It is data: what
// is done differently is a switch where the Store does it.
type engine struct {
	name         string
	versionQuery string
	versionHolds string // part of the answer
	migrations   string // folder

	quote        string // around an identifier
	placeholders placeholders
	columnQuote  string // around a column that the host has named
	readTime     string // expression for the time in {column}, to the microsecond
	readDate     string // expression for the date in {column}, as YYYY-MM-DD
	dateType     string // of a column that holds dates alone
	timeLayout   string // of a time as an argument, in UTC

	commitMode commitMode
	returning  bool   // UPDATE returns the row
	prepares   bool   // keeping statements prepared pays
	forUpdate  string // makes a SELECT lock its row
	skipLocked string // makes it lock rows that are free, and return no others
	// onConflict makes an INSERT do nothing where the id, or another unique value, is
	// taken: the host's key may have more columns than the id. "" if the engine would
	// ignore other errors too.
	onConflict string
	// orFail makes an INSERT leave the rows before one that cannot be inserted, so that
	// the engine need not remember how to undo them.
	orFail string
	// durably is a condition that is always true and makes the transaction durable,
	// or "".
	durably string

	settings      []setting // of connection and server
	tableSettings []setting
	needsTwoConns bool // or else readers wait for the writer
	echo          echo
	migrationLock migrationLock

	codes codes
	// constraintColumns asks for the columns of a constraint, by its schema and
	// name; "" if errors always tell, or never more than the name.
	constraintColumns string
	// keyColumns asks for the columns of all keys of the table, by name, as the query of
	// a [setting].
	keyColumns string
}

// placeholders is how a statement marks its arguments.
type placeholders int

const (
	placeholdersQuestionMark placeholders = iota // ?
	placeholdersDollar                           // $1, $2, ...
)

// placeholder returns the mark of argument n, counted from 1.
func (e *engine) placeholder(n int) string {
	if e.placeholders == placeholdersDollar {
		return "$" + strconv.Itoa(n)
	}
	return "?"
}

// quoted quotes an identifier, part by part if it is qualified.
func (e *engine) quoted(name string) string {
	return e.quote + strings.ReplaceAll(name, ".", e.quote+"."+e.quote) + e.quote
}

// reading returns the expression for a column.
func reading(expression, column string) string {
	return strings.ReplaceAll(expression, "{column}", column)
}

// durable returns the keyword followed by the condition durably, or "" without one.
func (e *engine) durable(keyword string) string {
	if e.durably == "" {
		return ""
	}
	return keyword + e.durably
}
