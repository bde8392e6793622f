package sqlstore

import (
	"errors"
	"strings"
)

// PostgreSQL is the dialect of PostgreSQL 12 or newer. A patch is one statement
// in one round trip. The database must be encoded in UTF-8, and synchronous_commit
// must not be off.
//
// With a synchronous standby, give pgx both hosts and
// target_session_attrs=read-write; see ENGINES.md.
var PostgreSQL = postgresql()

func postgresql() Dialect {
	return Dialect{
		name:        "PostgreSQL",
		identify:    "SELECT version()",
		engine:      "PostgreSQL",
		folder:      "postgresql",
		quote:       `"`,
		placeholder: dollar,
		created:     "created_at",
		layout:      "2006-01-02T15:04:05.000000Z",
		writing:     autocommit,
		locking:     " FOR UPDATE",
		unlessTaken: " ON CONFLICT (id) DO NOTHING",
		settings: []setting{
			{"SHOW server_encoding", is("UTF8"), "the encoding of the database must be UTF8"},
			{"SHOW synchronous_commit", isNot("off"), "synchronous_commit must not be off: a patch that was acknowledged could be lost"},
		},
		migrate: underAdvisoryLock,
		find:    findSQLState,
	}
}

func is(want string) func(string) bool { return func(s string) bool { return s == want } }

func isNot(bad string) func(string) bool { return func(s string) bool { return s != bad } }

// sqlStates are the verdicts on codes, and on classes of two characters
// (PostgreSQL documentation, appendix A).
var sqlStates = map[string]verdict{
	"08":    lost,
	"22":    refused,
	"23":    refused,
	"23505": duplicate,
	"25006": unavailable, // a standby
	"40001": conflict,
	"40003": lost,
	"40P01": conflict,
	"42703": missing,
	"42P01": missing,
	"3F000": missing,
	"53300": unavailable,
	"55P03": waited,
	"57P01": lost, // even after the local commit, while it waits for a standby
	"57P02": lost,
	"57P03": unavailable,
	"57P05": unavailable,
	"P0001": refused, // RAISE in a trigger of the host
}

func findSQLState(err error) (finding, bool) {
	var e interface{ SQLState() string }
	if !errors.As(err, &e) || len(e.SQLState()) != 5 {
		return finding{}, false
	}
	code := e.SQLState()
	v, known := sqlStates[code]
	if !known {
		v = sqlStates[code[:2]]
	}
	// Such an error ends the connection, and may follow a commit.
	if severity := textField(err, "SeverityUnlocalized", "Severity"); v == failed && (severity == "FATAL" || severity == "PANIC") {
		v = lost
	}
	f := finding{
		verdict:    v,
		code:       "SQLSTATE " + code,
		constraint: textField(err, "ConstraintName", "Constraint"),
		hint:       textField(err, "ColumnName", "Column"),
	}
	// Of "Key (email)=(...) already exists" the part before the value. Other
	// details begin with values.
	if key, isKey := strings.CutPrefix(textField(err, "Detail"), "Key ("); isKey {
		f.hint, _, _ = strings.Cut(key, ")=(")
		f.ofID = v == duplicate && f.hint == "id"
	}
	return f, true
}
