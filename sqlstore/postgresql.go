package sqlstore

import (
	"errors"
	"regexp"
	"slices"
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
		created:     `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD')`,
		layout:      "2006-01-02T15:04:05.000000Z",
		writing:     autocommit,
		locking:     " FOR UPDATE",
		unlessTaken: " ON CONFLICT (id) DO NOTHING",
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
		migrate:   underAdvisoryLock,
		find:      findSQLState,
		columnsOf: postgresColumns,
	}
}

// persistence asks for the kinds of the table and its partitions: p for permanent,
// t for temporary, u for unlogged.
const persistence = `SELECT string_agg(DISTINCT relpersistence::text, '' ORDER BY relpersistence::text) FROM pg_class
	WHERE oid IN (SELECT '{table}'::regclass::oid UNION SELECT relid::oid FROM pg_partition_tree('{table}'))`

// postgresColumns asks for the columns of an index, or of a constraint that has
// none.
const postgresColumns = `SELECT string_agg(name, ', ') FROM (
	SELECT pg_get_indexdef(i.indexrelid, k, true) AS name
	FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace, generate_series(1, i.indnkeyatts) k
	WHERE n.nspname = $1 AND c.relname = $2
	UNION ALL
	SELECT a.attname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
	WHERE n.nspname = $1 AND c.conname = $2 AND c.conindid = 0
) columns`

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
	"25P03": unavailable, // idle in the transaction
	"25P04": unavailable, // transaction_timeout
	"28":    unable,      // at connecting
	"3D000": unable,      // at connecting
	"3F000": missing,
	"40":    conflict,
	"40002": refused,
	"40003": lost,
	"42703": missing,
	"42P01": missing,
	"44":    refused, // WITH CHECK OPTION of a view
	"53":    unable,  // the disk, the memory
	"53300": unavailable,
	"54000": refused, // too long for an index
	"55P03": waited,
	"57014": unable, // statement_timeout, or by hand
	"57P01": lost,   // even after the local commit, while it waits for a standby
	"57P02": lost,
	"57P03": unavailable,
	"57P04": lost,
	"57P05": unavailable,
	"58000": unable,
	"58030": unable,   // an I/O error
	"72000": conflict, // snapshot too old
	"P0001": refused,  // RAISE in a trigger of the host
}

func findSQLState(err error) (finding, bool) {
	var e interface{ SQLState() string }
	if !errors.As(err, &e) || len(e.SQLState()) != 5 {
		return finding{}, false
	}
	code := e.SQLState()
	v, note := judgeSQLState(code, err)
	f := finding{
		verdict:    v,
		note:       note,
		code:       "SQLSTATE " + code,
		constraint: textField(err, "ConstraintName", "Constraint"),
		hint:       textField(err, "ColumnName", "Column"),
	}
	// Of "Key (email)=(...) already exists" the part before the value. Other
	// details begin with values.
	if key, isKey := strings.CutPrefix(textField(err, "Detail"), "Key ("); isKey {
		f.hint, _, _ = strings.Cut(key, ")=(")
	}
	if named, ok := errors.AsType[namedError](err); ok {
		f.hint = named.columns
	}
	// Without details there is the name that PostgreSQL gives a primary key.
	f.ofID = v == duplicate && (postgresID.MatchString(f.hint) || f.hint == "" && strings.HasSuffix(f.constraint, "_pkey"))
	return f, true
}

// postgresID matches columns that hold the id; a host may have added its tenant's.
var postgresID = regexp.MustCompile(`(?:^|, )id(?:,|$)`)

// judgeSQLState returns the verdict on the code, and on what else err holds where
// the code alone does not tell.
func judgeSQLState(code string, err error) (v verdict, note string) {
	v, known := sqlStates[code]
	if !known {
		v = sqlStates[code[:2]]
	}
	severity := textField(err, "SeverityUnlocalized", "Severity")
	fatal := severity == "FATAL" || severity == "PANIC"
	server := textField(err, "Routine") != "" // rather than a pooler
	switch {
	case !server && poolerRefusal.MatchString(textField(err, "Message")):
		return unavailable, ""
	case slices.Contains(crossings, code) && !fatal, code == "08P01" && server && !fatal:
		return failed, crossed
	case code == "0A000" && stalePlan.MatchString(textField(err, "Routine")+textField(err, "Message")):
		return conflict, ""
	case fatal && v != unavailable && code[:2] != "28" && code != "3D000":
		return lost, "" // such an error ends the connection, and may follow a commit
	}
	return v, ""
}

// crossings are the codes of a statement or portal that is not there, or is there
// already.
var crossings = []string{"26000", "34000", "42P05"}

const crossed = "a pooler lends the connection to others: set pgx's default_query_exec_mode to exec, cache_describe or simple_protocol"

var (
	// stalePlan matches what says that a table was altered: the name of the
	// function, which is not translated, or the text.
	stalePlan = regexp.MustCompile(`RevalidateCachedQuery|cached plan must not change result type`)

	// poolerRefusal matches what PgBouncer says, with code 08P01, of a statement
	// that it has not passed on. Not "query timeout", "database removed", nor
	// that a server went away: the statement may have been carried out.
	poolerRefusal = regexp.MustCompile(`^(?:query_wait_timeout|client_idle_timeout|idle transaction timeout|idle_transaction_timeout|client_login_timeout.*|bouncer config error|no more connections allowed.*|no such (?:database|user).*|database ".*" (?:is disabled|does not exist)|server login has been failing.*|.*\(server_login_retry\))$`)
)
