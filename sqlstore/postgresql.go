package sqlstore

import (
	"errors"
	"strings"
)

// PostgreSQL is the dialect of PostgreSQL 12 or newer. A patch is one statement
// in one round trip. The database and the client must be encoded in UTF-8, fsync
// must be on, the table not UNLOGGED, and synchronous_commit not off; where a pooler hands
// out a connection on which another client has set the last, a write sets it back
// for itself. full_page_writes may be off where the file system tears no page.
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
		// A text of one form, whatever DateStyle and TimeZone are.
		created: `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD')`,
		layout:  "2006-01-02T15:04:05.000000Z",
		writing: autocommit,
		locking: " FOR UPDATE",
		// Check asks once, and a pooler hands out connections that other clients
		// have set since.
		durably: "(current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on')",
		settings: []setting{
			{query: "SHOW server_encoding", ok: is("UTF8"), want: "the encoding of the database must be UTF8"},
			{query: "SHOW client_encoding", ok: is("UTF8"), want: "client_encoding must be UTF8, also for the role (ALTER ROLE): otherwise texts become others"},
			{query: "SHOW fsync", ok: is("on"), loses: true, want: "fsync must be on: " + couldBeLost},
			{query: "SHOW synchronous_commit", ok: isNot("off"), loses: true, want: "synchronous_commit must not be off: " + couldBeLost},
		},
		storage: []setting{
			{query: persistence, ok: isNot("t"), want: "the table must not be temporary: other connections do not see it"},
			{query: persistence, ok: isNot("u", "pu"), loses: true, want: "the table, and each partition of it, must not be UNLOGGED: " + couldBeLost},
		},
		driver: pgxProblems,
		values: valueProbe{
			timeType: "timestamptz", textType: "text",
			measure: "char_length(v) || ' ' || octet_length(v)", measured: charactersAndBytes,
		},
		migrate: underAdvisoryLock,
		find:    findSQLState,
	}
}

// persistence asks for the kinds of the table and its partitions: p for permanent,
// t for temporary, u for unlogged.
const persistence = `SELECT string_agg(DISTINCT relpersistence::text, '' ORDER BY relpersistence::text) FROM pg_class
	WHERE oid IN (SELECT '{table}'::regclass::oid UNION SELECT relid::oid FROM pg_partition_tree('{table}'))`

// couldBeLost is why a setting is refused unless the host accepts that.
const couldBeLost = "a patch that was acknowledged could be lost (see Options.AcceptDataLoss)"

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

// isStatementLost reports whether err says that a statement was prepared on
// another connection, or is prepared there already: a pooler is in between.
func isStatementLost(err error) bool {
	var e interface{ SQLState() string }
	return errors.As(err, &e) && (e.SQLState() == "26000" || e.SQLState() == "42P05")
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
