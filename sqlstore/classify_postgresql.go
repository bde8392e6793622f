package sqlstore

import (
	"errors"
	"regexp"
	"strings"
)

// sqlStates has the kinds of SQLSTATE codes and of their classes, which are the first
// two characters (PostgreSQL documentation, appendix A).
var sqlStates = map[string]errorKind{
	"08":    kindLost,
	"22":    kindRefused,
	"23":    kindRefused,
	"23505": kindDuplicate,
	"25006": kindUnavailable, // a standby
	"25P03": kindUnavailable, // idle for too long in a transaction
	"25P04": kindUnavailable, // transaction_timeout
	"28":    kindUnable,      // while connecting
	"3D000": kindUnable,      // while connecting
	"3F000": kindMissing,
	"40":    kindConflict,
	"40002": kindRefused,
	"40003": kindLost,
	"42703": kindMissing,
	"42P01": kindMissing,
	"44":    kindRefused, // a view's WITH CHECK OPTION
	"53":    kindUnable,  // out of disk or memory
	"53300": kindUnavailable,
	"54000": kindRefused, // too long for an index
	"55P03": kindLocked,
	"57014": kindUnable, // statement_timeout, or cancelled by hand
	"57P01": kindLost,   // perhaps after the local commit, while waiting for a standby
	"57P02": kindLost,
	"57P03": kindUnavailable,
	"57P04": kindLost,
	"57P05": kindUnavailable,
	"58000": kindUnable,
	"58030": kindUnable,   // an I/O error
	"72000": kindConflict, // snapshot too old
	"P0001": kindRefused,  // RAISE in one of the host's triggers
}

func classifySQLState(err error) (finding, bool) {
	var e interface{ SQLState() string }
	if !errors.As(err, &e) || len(e.SQLState()) != 5 {
		return finding{}, false
	}
	code := e.SQLState()
	f := finding{
		kind:       judgeSQLState(code, err),
		code:       "SQLSTATE " + code,
		constraint: textField(err, "ConstraintName", "Constraint"),
		hint:       textField(err, "ColumnName", "Column"),
	}
	if code == "23502" {
		f.column = f.hint
	}
	if isCrossed(code, err) {
		f.crossed, f.note = true, "a pooler lends the connection to others: set pgx's default_query_exec_mode to exec, cache_describe or simple_protocol"
	}
	// Of "Key (email)=(...) already exists" this is the part before the value.
	// Other details begin with values.
	if key, isKey := strings.CutPrefix(textField(err, "Detail"), "Key ("); isKey {
		f.hint, _, _ = strings.Cut(key, ")=(")
	}
	// The name that PostgreSQL gives a primary key
	f.primary = f.kind == kindDuplicate && strings.HasSuffix(f.constraint, "_pkey")
	return f, true
}

// judgeSQLState returns the kind of the code. Where the code alone does not tell,
// the rest of err does.
func judgeSQLState(code string, err error) errorKind {
	v, known := sqlStates[code]
	if !known {
		v = sqlStates[code[:2]]
	}
	isConnecting := code[:2] == "28" || code == "3D000"
	switch {
	case !isOfServer(err) && poolerRefusal.MatchString(textField(err, "Message")):
		return kindUnavailable
	case isCrossed(code, err):
		return kindFailed
	case code == "0A000" && stalePlan.MatchString(textField(err, "Routine")+textField(err, "Message")):
		return kindConflict
	case isFatal(err) && v != kindUnavailable && !isConnecting:
		return kindLost // it ends the connection, and may follow a commit
	}
	return v
}

// isCrossed reports whether a pooler has mixed up the statements of its clients: a
// prepared statement or portal does not exist, or exists already.
func isCrossed(code string, err error) bool {
	if isFatal(err) {
		return false
	}
	return code == "26000" || code == "34000" || code == "42P05" || code == "08P01" && isOfServer(err)
}

// isFatal reports whether the error has ended the connection.
func isFatal(err error) bool {
	severity := textField(err, "SeverityUnlocalized", "Severity")
	return severity == "FATAL" || severity == "PANIC"
}

// isOfServer tells an error of the server, which names one of its functions, from a
// pooler's.
func isOfServer(err error) bool { return textField(err, "Routine") != "" }

var (
	// stalePlan matches an error for an altered table: the name of the server's
	// function, which is never translated, or the text.
	stalePlan = regexp.MustCompile(`RevalidateCachedQuery|cached plan must not change result type`)

	// poolerRefusal matches PgBouncer's errors, of code 08P01, for a statement that
	// it has not passed on. It does not match "query timeout", "database removed" and
	// those for a lost server, since the statement may have run.
	poolerRefusal = regexp.MustCompile(`^(?:query_wait_timeout|client_idle_timeout|idle transaction timeout|idle_transaction_timeout|client_login_timeout.*|bouncer config error|no more connections allowed.*|no such (?:database|user).*|database ".*" (?:is disabled|does not exist)|server login has been failing.*|.*\(server_login_retry\))$`)
)
