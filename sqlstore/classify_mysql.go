package sqlstore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mysqlNumbers are the kinds of error numbers. Galera may answer any statement
// with 1213, even COMMIT, and then has applied nothing. Those from 2002 to 2013 are
// client errors, which proxies send.
var mysqlNumbers = map[int]errorKind{
	3:    kindUnableOrLost, // a file cannot be written
	5:    kindUnableOrLost, // out of memory
	20:   kindUnableOrLost, // the disk is full
	1020: kindConflict,
	1021: kindUnableOrLost, // the disk is full
	1026: kindUnableOrLost, // a file cannot be written
	1030: kindUnableOrLost, // from the storage engine, such as 28: the disk is full
	1037: kindUnableOrLost, // out of memory
	1038: kindUnableOrLost, // out of memory
	1040: kindUnavailable,  // too many connections
	1041: kindUnableOrLost, // out of memory
	1047: kindUnavailable,  // a Galera node outside the primary component
	1048: kindRefused,
	1053: kindLost, // shutdown
	1054: kindMissing,
	1062: kindDuplicate,
	1114: kindUnableOrLost, // the table is full
	1118: kindRefused,      // the row is too long
	1129: kindUnavailable,  // the host is blocked
	1135: kindUnavailable,  // no thread for the connection
	1146: kindMissing,
	1152: kindLost,
	1158: kindLost, // network errors, to 1161
	1159: kindLost,
	1160: kindLost,
	1161: kindLost,
	1180: kindLost, // an error during COMMIT
	1184: kindLost,
	1203: kindUnavailable,
	1205: kindLocked,
	1206: kindUnableOrLost, // too many locks
	1213: kindConflict,
	1216: kindRefused,
	1217: kindRefused,
	1226: kindUnavailable,
	1263: kindRefused,
	1264: kindRefused,
	1265: kindRefused,
	1290: kindUnavailable, // read-only
	1292: kindRefused,
	1317: kindUnableOrLost, // KILL QUERY
	1364: kindFailed,       // a column that no statement names has no default
	1366: kindRefused,
	1369: kindRefused, // a view's WITH CHECK OPTION
	1406: kindRefused,
	1412: kindConflict, // the table was altered
	1451: kindRefused,
	1452: kindRefused,
	1461: kindUnableOrLost, // max_prepared_stmt_count
	1586: kindDuplicate,
	1615: kindConflict,     // the statement must be prepared anew
	1637: kindUnableOrLost, // too many transactions
	1644: kindRefused,      // SIGNAL in one of the host's triggers
	1792: kindUnavailable,  // read-only
	1836: kindUnavailable,  // read-only
	1927: kindLost,         // the connection was killed
	1969: kindUnableOrLost, // max_statement_time
	2002: kindUnavailable,
	2003: kindUnavailable,
	2006: kindLost,
	2013: kindLost,
	3024: kindUnableOrLost, // max_execution_time
	3032: kindUnavailable,  // offline
	3100: kindUnavailable,  // at COMMIT, in a replication group without a majority
	3101: kindConflict,     // at COMMIT, in a replication group
	3169: kindLost,         // the session was killed
	3572: kindLocked,       // NOWAIT
	3819: kindRefused,      // CHECK, in MySQL
	4025: kindRefused,      // CHECK, in MariaDB
	4031: kindUnavailable,  // the connection was idle for too long
	9001: kindUnavailable,  // ProxySQL has found no server
}

// mysqlConstraints are the numbers of errors that name a constraint and quote no
// value.
var mysqlConstraints = []int{1451, 1452, 3819, 4025}

// What the messages name. Values can only stand before it: every language of
// lc_messages names the key after the value.
var (
	mysqlKey        = regexp.MustCompile("(?s)^[^']*'.*'[^']+'([^']+)'[^'`]*$")
	mysqlConstraint = regexp.MustCompile("(?s)^.*[Cc](?:ONSTRAINT|heck constraint) [`']([^`']+)[`']")
	mysqlColumn     = regexp.MustCompile("(?s)^.*[Cc]olumn [`'](?:[^`']+`\\.`)*([^`']+)[`']")
)

// mysqlNoValue matches errors 1048 and 1364, whose column needs a value.
var mysqlNoValue = regexp.MustCompile(`^(?:Column|Field) '([^']+)' (?:cannot be null|doesn't have a default value)$`)

func classifyMySQL(err error) (finding, bool) {
	number, ok := intField(err, "Number")
	if !ok {
		return finding{}, false
	}
	message := textField(err, "Message")
	kind, known := mysqlNumbers[number]
	if !known {
		kind = kindFailedOrLost
	}
	f := finding{kind: kind, code: fmt.Sprintf("error %d", number)}
	switch {
	case kind == kindDuplicate:
		f.constraint = submatch(mysqlKey, message)
		f.primary = f.constraint == "PRIMARY" || strings.HasSuffix(f.constraint, ".PRIMARY")
	case slices.Contains(mysqlConstraints, number):
		f.constraint = submatch(mysqlConstraint, message)
	case kind == kindRefused:
		f.hint = submatch(mysqlColumn, message)
	}
	f.column = submatch(mysqlNoValue, message)
	return f, true
}
