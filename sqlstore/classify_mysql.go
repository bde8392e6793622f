package sqlstore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mysqlNumbers are the verdicts on error numbers. Galera may answer any statement
// with 1213, even COMMIT, and then has applied nothing. Those from 2002 to 2013 are
// client errors, which proxies send.
var mysqlNumbers = map[int]verdict{
	3:    verdictUnableOrLost, // a file cannot be written
	5:    verdictUnableOrLost, // out of memory
	20:   verdictUnableOrLost, // the disk is full
	1020: verdictConflict,
	1021: verdictUnableOrLost, // the disk is full
	1026: verdictUnableOrLost, // a file cannot be written
	1030: verdictUnableOrLost, // from the storage engine, such as 28: the disk is full
	1037: verdictUnableOrLost, // out of memory
	1038: verdictUnableOrLost, // out of memory
	1040: verdictUnavailable,  // too many connections
	1041: verdictUnableOrLost, // out of memory
	1047: verdictUnavailable,  // a Galera node outside the primary component
	1048: verdictRefused,
	1053: verdictLost, // shutdown
	1054: verdictMissing,
	1062: verdictDuplicate,
	1114: verdictUnableOrLost, // the table is full
	1118: verdictRefused,      // the row is too long
	1129: verdictUnavailable,  // the host is blocked
	1135: verdictUnavailable,  // no thread for the connection
	1146: verdictMissing,
	1152: verdictLost,
	1158: verdictLost, // network errors, to 1161
	1159: verdictLost,
	1160: verdictLost,
	1161: verdictLost,
	1180: verdictLost, // an error during COMMIT
	1184: verdictLost,
	1203: verdictUnavailable,
	1205: verdictLocked,
	1206: verdictUnableOrLost, // too many locks
	1213: verdictConflict,
	1216: verdictRefused,
	1217: verdictRefused,
	1226: verdictUnavailable,
	1263: verdictRefused,
	1264: verdictRefused,
	1265: verdictRefused,
	1290: verdictUnavailable, // read-only
	1292: verdictRefused,
	1317: verdictUnableOrLost, // KILL QUERY
	1366: verdictRefused,
	1369: verdictRefused, // a view's WITH CHECK OPTION
	1406: verdictRefused,
	1412: verdictConflict, // the table was altered
	1451: verdictRefused,
	1452: verdictRefused,
	1461: verdictUnableOrLost, // max_prepared_stmt_count
	1586: verdictDuplicate,
	1615: verdictConflict,     // the statement must be prepared anew
	1637: verdictUnableOrLost, // too many transactions
	1644: verdictRefused,      // SIGNAL in one of the host's triggers
	1792: verdictUnavailable,  // read-only
	1836: verdictUnavailable,  // read-only
	1927: verdictLost,         // the connection was killed
	1969: verdictUnableOrLost, // max_statement_time
	2002: verdictUnavailable,
	2003: verdictUnavailable,
	2006: verdictLost,
	2013: verdictLost,
	3024: verdictUnableOrLost, // max_execution_time
	3032: verdictUnavailable,  // offline
	3100: verdictUnavailable,  // at COMMIT, in a replication group without a majority
	3101: verdictConflict,     // at COMMIT, in a replication group
	3169: verdictLost,         // the session was killed
	3572: verdictLocked,       // NOWAIT
	3819: verdictRefused,      // CHECK, in MySQL
	4025: verdictRefused,      // CHECK, in MariaDB
	4031: verdictUnavailable,  // the connection was idle for too long
	9001: verdictUnavailable,  // ProxySQL has found no server
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

func classifyMySQL(err error) (finding, bool) {
	number, ok := intField(err, "Number")
	if !ok {
		return finding{}, false
	}
	message := textField(err, "Message")
	v, known := mysqlNumbers[number]
	if !known {
		v = verdictFailedOrLost
	}
	f := finding{verdict: v, code: fmt.Sprintf("error %d", number)}
	switch {
	case v == verdictDuplicate:
		f.constraint = submatch(mysqlKey, message)
		f.isID = f.constraint == "PRIMARY" || strings.HasSuffix(f.constraint, ".PRIMARY")
	case slices.Contains(mysqlConstraints, number):
		f.constraint = submatch(mysqlConstraint, message)
	case v == verdictRefused:
		f.hint = submatch(mysqlColumn, message)
	}
	return f, true
}
