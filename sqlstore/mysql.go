package sqlstore

var mySQL = engine{
	name:         "MySQL",
	versionQuery: "SELECT @@version",
	migrations:   "mysql",

	quote:        "`",
	columnQuote:  "`",
	placeholders: placeholdersQuestionMark,
	// A text, whatever the driver's parseTime and loc are.
	readTime:   "DATE_FORMAT({column}, '%Y-%m-%d %H:%i:%s.%f')",
	readDate:   "DATE_FORMAT({column}, '%Y-%m-%d')",
	dateType:   "date",
	timeLayout: "2006-01-02 15:04:05.000000",

	commitMode: commitTransaction,
	prepares:   true,
	forUpdate:  " FOR UPDATE",
	skipLocked: " FOR UPDATE SKIP LOCKED", // from MariaDB 10.6 on

	settings: []setting{
		{query: "SELECT @@SESSION.sql_mode", ok: contains("STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"), want: "sql_mode must hold STRICT_TRANS_TABLES or STRICT_ALL_TABLES: without, values are cut silently"},
		{query: "SELECT @@SESSION.sql_mode", ok: lacks("EMPTY_STRING_IS_NULL"), want: "sql_mode must not hold EMPTY_STRING_IS_NULL: it clears what is set to an empty text"},
		{query: "SELECT @@SESSION.autocommit", ok: is("1"), want: "autocommit must be on: otherwise a read stays in a transaction, and the next one is old"},
		{query: "SELECT @@SESSION.completion_type", ok: is("NO_CHAIN"), want: "completion_type must be NO_CHAIN: otherwise a commit begins another transaction, whose reads are old, or ends the connection"},
		{query: isolation, ok: isNot("READ-UNCOMMITTED"), want: "the isolation level must not be READ UNCOMMITTED: a read would see what may be rolled back"},
		{query: "SELECT @@SESSION.character_set_client", ok: is("utf8mb4"), want: "character_set_client must be utf8mb4: other character sets lose characters"},
		{query: "SELECT @@SESSION.character_set_connection", ok: is("utf8mb4"), want: "character_set_connection must be utf8mb4: other character sets lose characters"},
		{query: "SELECT @@SESSION.character_set_results", ok: is("utf8mb4"), want: "character_set_results must be utf8mb4: other character sets lose characters"},
		{
			query: "SHOW GLOBAL VARIABLES LIKE 'innodb_flush_log_at_trx_commit'", ok: is("1", "3"), losesData: true, unlessPrimary: galeraStatus,
			want: "innodb_flush_log_at_trx_commit must be 1: " + couldBeLost,
		},
		{
			query: "SELECT IF(@@GLOBAL.log_bin, @@GLOBAL.sync_binlog, 1)", ok: is("1"), losesData: true, unlessPrimary: galeraStatus,
			want: "sync_binlog must be 1 where there is a binary log: what is not in it after a crash is rolled back, and " + couldBeLost,
		},
		{
			query: "SHOW GLOBAL VARIABLES LIKE 'innodb_flush_method'", ok: isNot("nosync", "littlesync"), losesData: true,
			want: "innodb_flush_method must not be nosync or littlesync: " + couldBeLost,
		},
		{
			query: "SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'", ok: isNot("OFF"), losesData: true,
			want: "InnoDB's redo log must not be disabled: " + couldBeLost,
		},
	},
	tableSettings: []setting{
		{
			query: "SELECT CONCAT(TABLE_TYPE, ' ', COALESCE(ENGINE, '')) FROM information_schema.TABLES WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = '{name}'",
			ok:    is("BASE TABLE InnoDB", "SYSTEM VERSIONED InnoDB", "VIEW "),
			want:  "the table must be one of the storage engine InnoDB, and not temporary: others keep no transactions, or are not on disk",
		},
	},
	echo: echo{
		timeType: "DATETIME(6)", textType: "CHAR",
		measure: "CONCAT(CHAR_LENGTH(v), ' ', OCTET_LENGTH(v))", countsBytes: true,
	},
	migrationLock: lockNamed,

	codes: codesMySQL,
	keyColumns: `SELECT CONSTRAINT_NAME, GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION SEPARATOR ', ')
		FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = '{name}' GROUP BY CONSTRAINT_NAME`,
}

// mariaDB speaks the same SQL and answers with the same error numbers.
var mariaDB = func() engine {
	e := mySQL
	e.name, e.versionHolds = "MariaDB", "MariaDB"
	return e
}()

// isolation asks for the isolation level, whose variable has another name in older
// servers.
const isolation = "SHOW SESSION VARIABLES WHERE Variable_name IN ('transaction_isolation', 'tx_isolation')"

// galeraStatus asks whether the node is in its cluster, so that other nodes keep
// what is committed.
const galeraStatus = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_status'"
