package sqlstore

import (
	"errors"
	"regexp"
	"strings"
)

// sqlStates are the verdicts on SQLSTATE codes, and on their classes, which are the
// first two characters (PostgreSQL documentation, appendix A).
var sqlStates = map[string]verdict{
	"08":    verdictLost,
	"22":    verdictRefused,
	"23":    verdictRefused,
	"23505": verdictDuplicate,
	"25006": verdictUnavailable, // a standby
	"25P03": verdictUnavailable, // idle for too long in a transaction
	"25P04": verdictUnavailable, // transaction_timeout
	"28":    verdictUnable,      // while connecting
	"3D000": verdictUnable,      // while connecting
	"3F000": verdictMissing,
	"40":    verdictConflict,
	"40002": verdictRefused,
	"40003": verdictLost,
	"42703": verdictMissing,
	"42P01": verdictMissing,
	"44":    verdictRefused, // a view's WITH CHECK OPTION
	"53":    verdictUnable,  // out of disk or memory
	"53300": verdictUnavailable,
	"54000": verdictRefused, // too long for an index
	"55P03": verdictLocked,
	"57014": verdictUnable, // statement_timeout, or cancelled by hand
	"57P01": verdictLost,   // perhaps after the local commit, while waiting for a standby
	"57P02": verdictLost,
	"57P03": verdictUnavailable,
	"57P04": verdictLost,
	"57P05": verdictUnavailable,
	"58000": verdictUnable,
	"58030": verdictUnable,   // an I/O error
	"72000": verdictConflict, // snapshot too old
	"P0001": verdictRefused,  // RAISE in one of the host's triggers
}

func classifySQLState(err error) (finding, bool) {
	var e interface{ SQLState() string }
	if !errors.As(err, &e) || len(e.SQLState()) != 5 {
		return finding{}, false
	}
	code := e.SQLState()
	f := finding{
		verdict:    judgeSQLState(code, err),
		code:       "SQLSTATE " + code,
		constraint: textField(err, "ConstraintName", "Constraint"),
		hint:       textField(err, "ColumnName", "Column"),
	}
	if isCrossed(code, err) {
		f.crossed, f.note = true, "a pooler lends the connection to others: set pgx's default_query_exec_mode to exec, cache_describe or simple_protocol"
	}
	// Of "Key (email)=(...) already exists" this is the part before the value.
	// Other details begin with values.
	if key, isKey := strings.CutPrefix(textField(err, "Detail"), "Key ("); isKey {
		f.hint, _, _ = strings.Cut(key, ")=(")
	}
	if asked, ok := errors.AsType[errWithColumns](err); ok {
		f.hint = asked.columns
	}
	// Without details, the constraint's name may be the one that PostgreSQL gives a
	// primary key.
	f.isID = f.verdict == verdictDuplicate && (postgresID.MatchString(f.hint) || f.hint == "" && strings.HasSuffix(f.constraint, "_pkey"))
	return f, true
}

// postgresID matches a list of columns with the id; a host may have added a tenant.
var postgresID = regexp.MustCompile(`(?:^|, )id(?:,|$)`)

// judgeSQLState returns the verdict on the code. Where the code alone does not tell,
// the rest of err does.
func judgeSQLState(code string, err error) verdict {
	v, known := sqlStates[code]
	if !known {
		v = sqlStates[code[:2]]
	}
	isConnecting := code[:2] == "28" || code == "3D000"
	switch {
	case !isOfServer(err) && poolerRefusal.MatchString(textField(err, "Message")):
		return verdictUnavailable
	case isCrossed(code, err):
		return verdictFailed
	case code == "0A000" && stalePlan.MatchString(textField(err, "Routine")+textField(err, "Message")):
		return verdictConflict
	case isFatal(err) && v != verdictUnavailable && !isConnecting:
		return verdictLost // it ends the connection, and may follow a commit
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
