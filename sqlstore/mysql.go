package sqlstore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// MySQL is the dialect of MySQL 8 with InnoDB. A patch is a transaction of an
// UPDATE and a SELECT. The session must be in strict mode with autocommit, and
// its character set utf8mb4. innodb_flush_log_at_trx_commit must be 1, and so must sync_binlog
// where there is a binary log; in a Galera cluster, which keeps a commit on other
// nodes, both may be less. innodb_doublewrite may be off where the file system
// tears no page. It works on MariaDB too.
var MySQL = mysqlDialect("MySQL", "")

// mysqlDialect returns the dialect of the family; version is what the version
// of the engine must hold.
func mysqlDialect(name, version string) Dialect {
	utf8mb4 := func(variable string) setting {
		return setting{query: "SELECT @@SESSION." + variable, ok: is("utf8mb4"), want: variable + " must be utf8mb4: other character sets lose characters"}
	}
	return Dialect{
		name:        name,
		identify:    "SELECT @@version",
		engine:      version,
		folder:      "mysql",
		quote:       "`",
		placeholder: questionMark,
		// A text, whatever the driver's parseTime and loc are.
		created:  "DATE_FORMAT(created_at, '%Y-%m-%d %H:%i:%s.%f')",
		layout:   "2006-01-02 15:04:05.000000",
		writing:  transaction,
		prepared: true,
		locking:  " FOR UPDATE",
		settings: []setting{
			{query: "SELECT @@SESSION.sql_mode", ok: isStrict, want: "sql_mode must hold STRICT_TRANS_TABLES or STRICT_ALL_TABLES: without, values are cut silently"},
			{query: "SELECT @@SESSION.sql_mode", ok: keepsEmpty, want: "sql_mode must not hold EMPTY_STRING_IS_NULL: it clears what is set to an empty text"},
			{query: "SELECT @@SESSION.autocommit", ok: is("1"), want: "autocommit must be on: otherwise a read stays in a transaction, and the next one is old"},
			{query: "SELECT @@SESSION.completion_type", ok: is("NO_CHAIN"), want: "completion_type must be NO_CHAIN: otherwise a commit begins another transaction, whose reads are old, or ends the connection"},
			{query: isolation, ok: isNot("READ-UNCOMMITTED"), want: "the isolation level must not be READ UNCOMMITTED: a read would see what may be rolled back"},
			utf8mb4("character_set_client"), utf8mb4("character_set_connection"), utf8mb4("character_set_results"),
			{
				query: "SHOW GLOBAL VARIABLES LIKE 'innodb_flush_log_at_trx_commit'", ok: is("1", "3"), loses: true, cluster: galeraStatus,
				want: "innodb_flush_log_at_trx_commit must be 1: " + couldBeLost,
			},
			{
				query: "SELECT IF(@@GLOBAL.log_bin, @@GLOBAL.sync_binlog, 1)", ok: is("1"), loses: true, cluster: galeraStatus,
				want: "sync_binlog must be 1 where there is a binary log: what is not in it after a crash is rolled back, and " + couldBeLost,
			},
			{
				query: "SHOW GLOBAL VARIABLES LIKE 'innodb_flush_method'", ok: isNot("nosync", "littlesync"), loses: true,
				want: "innodb_flush_method must not be nosync or littlesync: " + couldBeLost,
			},
			{
				query: "SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'", ok: isNot("OFF"), loses: true,
				want: "InnoDB's redo log must not be disabled: " + couldBeLost,
			},
		},
		storage: []setting{
			{
				query: "SELECT CONCAT(TABLE_TYPE, ' ', COALESCE(ENGINE, '')) FROM information_schema.TABLES WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = '{name}'",
				ok:    is("BASE TABLE InnoDB", "SYSTEM VERSIONED InnoDB", "VIEW "),
				want:  "the table must be one of the storage engine InnoDB, and not temporary: others keep no transactions, or are not on disk",
			},
		},
		values: valueProbe{
			timeType: "DATETIME(6)", textType: "CHAR",
			measure: "CONCAT(CHAR_LENGTH(v), ' ', OCTET_LENGTH(v))", measured: charactersAndBytes,
		},
		migrate: underNamedLock,
		find:    findMySQLNumber,
	}
}

// isolation asks for the level, whose variable has another name in older servers.
const isolation = "SHOW SESSION VARIABLES WHERE Variable_name IN ('transaction_isolation', 'tx_isolation')"

// galeraStatus asks whether the other nodes of a cluster keep what is committed.
const galeraStatus = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_status'"

func keepsEmpty(mode string) bool { return !strings.Contains(mode, "EMPTY_STRING_IS_NULL") }

func isStrict(mode string) bool {
	return strings.Contains(mode, "STRICT_TRANS_TABLES") || strings.Contains(mode, "STRICT_ALL_TABLES")
}

// mysqlNumbers are the verdicts on error numbers. Galera answers 1213 from any
// statement, COMMIT included, and has applied nothing. From 2002 to 2013 they are
// those of clients, as proxies send them.
var mysqlNumbers = map[int]verdict{
	3:    unableOrUnsure, // a file cannot be written
	5:    unableOrUnsure, // out of memory
	20:   unableOrUnsure, // the disk is full
	1020: conflict,
	1021: unableOrUnsure, // the disk is full
	1026: unableOrUnsure, // a file cannot be written
	1030: unableOrUnsure, // from the storage engine, such as 28: the disk is full
	1037: unableOrUnsure, // out of memory
	1038: unableOrUnsure, // out of memory
	1040: unavailable,    // too many connections
	1041: unableOrUnsure, // out of memory
	1047: unavailable,    // a Galera node outside the primary component
	1048: refused,
	1053: lost, // shutdown
	1054: missing,
	1062: duplicate,
	1114: unableOrUnsure, // the table is full
	1118: refused,        // the row is too long
	1129: unavailable,    // the host is blocked
	1135: unavailable,    // no thread for the connection
	1146: missing,
	1152: lost,
	1158: lost, // of the network, as the next three
	1159: lost,
	1160: lost,
	1161: lost,
	1180: lost, // an error during COMMIT
	1184: lost,
	1203: unavailable,
	1205: waited,
	1206: unableOrUnsure, // too many locks
	1213: conflict,
	1216: refused,
	1217: refused,
	1226: unavailable,
	1263: refused,
	1264: refused,
	1265: refused,
	1290: unavailable, // read-only
	1292: refused,
	1317: unableOrUnsure, // KILL QUERY
	1366: refused,
	1369: refused, // WITH CHECK OPTION of a view
	1406: refused,
	1412: conflict, // the table was altered
	1451: refused,
	1452: refused,
	1461: unableOrUnsure, // max_prepared_stmt_count
	1586: duplicate,
	1615: conflict,       // the statement must be prepared again
	1637: unableOrUnsure, // too many transactions
	1644: refused,        // SIGNAL in a trigger of the host
	1792: unavailable,    // read-only
	1836: unavailable,    // read-only
	1927: lost,           // the connection was killed
	1969: unableOrUnsure, // max_statement_time
	2002: unavailable,
	2003: unavailable,
	2006: lost,
	2013: lost,
	3024: unableOrUnsure, // max_execution_time
	3032: unavailable,    // offline
	3100: unavailable,    // a group without a majority, at COMMIT
	3101: conflict,       // at the COMMIT of a group
	3169: lost,           // the session was killed
	3572: waited,         // NOWAIT
	3819: refused,        // CHECK, in MySQL
	4025: refused,        // CHECK, in MariaDB
	4031: unavailable,    // the connection was idle for too long
	9001: unavailable,    // ProxySQL has found no server
}

// mysqlConstraints are the numbers whose messages name a constraint and quote no
// value.
var mysqlConstraints = []int{1451, 1452, 3819, 4025}

// What the messages name. Values stand before it, if anywhere; a key is named
// after the value in every language of lc_messages.
var (
	mysqlKey        = regexp.MustCompile("(?s)^[^']*'.*'[^']+'([^']+)'[^'`]*$")
	mysqlConstraint = regexp.MustCompile("(?s)^.*[Cc](?:ONSTRAINT|heck constraint) [`']([^`']+)[`']")
	mysqlColumn     = regexp.MustCompile("(?s)^.*[Cc]olumn [`'](?:[^`']+`\\.`)*([^`']+)[`']")
)

func findMySQLNumber(err error) (finding, bool) {
	number, ok := codeField(err, "Number")
	if !ok {
		return finding{}, false
	}
	message := textField(err, "Message")
	v, known := mysqlNumbers[number]
	if !known {
		v = unsure
	}
	f := finding{verdict: v, code: fmt.Sprintf("error %d", number)}
	switch {
	case v == duplicate:
		f.constraint = submatch(mysqlKey, message)
		f.ofID = f.constraint == "PRIMARY" || strings.HasSuffix(f.constraint, ".PRIMARY")
	case slices.Contains(mysqlConstraints, number):
		f.constraint = submatch(mysqlConstraint, message)
	case v == refused:
		f.hint = submatch(mysqlColumn, message)
	}
	return f, true
}

func submatch(r *regexp.Regexp, s string) string {
	if m := r.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}
