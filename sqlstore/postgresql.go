package sqlstore

var postgreSQL = engine{
	name:         "PostgreSQL",
	versionQuery: "SELECT version()",
	versionHolds: "PostgreSQL",
	migrations:   "postgresql",

	quote:        `"`,
	columnQuote:  `"`,
	placeholders: placeholdersDollar,
	// The same text whatever DateStyle and TimeZone are.
	readTime:   `to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD')`,
	readDate:   "to_char({column}, 'YYYY-MM-DD')",
	dateType:   "date",
	timeLayout: "2006-01-02T15:04:05.000000Z",

	commitMode: commitStatement,
	returning:  true,
	forUpdate:  " FOR UPDATE",
	skipLocked: " FOR UPDATE SKIP LOCKED",
	onConflict: " ON CONFLICT DO NOTHING",
	// Check looks once; later a pooler may hand out a connection on which another
	// client has changed the setting.
	durably: "(current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on')",

	settings: []setting{
		{query: "SHOW server_encoding", ok: is("UTF8"), want: "the encoding of the database must be UTF8"},
		{query: "SHOW client_encoding", ok: is("UTF8"), want: "client_encoding must be UTF8, also for the role (ALTER ROLE): otherwise texts become others"},
		{query: "SHOW fsync", ok: is("on"), losesData: true, want: "fsync must be on: " + couldBeLost},
		{query: "SHOW synchronous_commit", ok: isNot("off"), losesData: true, want: "synchronous_commit must not be off: " + couldBeLost},
		{query: mayMakeDurable, ok: is("true"), losesData: true, want: "the role must have the right to execute set_config, with which each write sets synchronous_commit back: otherwise " + couldBeLost},
	},
	tableSettings: []setting{
		{query: persistence, ok: isNot("t"), want: "the table must not be temporary: other connections do not see it"},
		{query: persistence, ok: isNot("u", "pu", "tu", "ptu"), losesData: true, want: "the table, and each that inherits from it, as partitions do, must not be UNLOGGED: " + couldBeLost},
	},
	echo: echo{
		timeType: "timestamptz", textType: "text",
		measure: "char_length(v) || ' ' || octet_length(v)", countsBytes: true,
	},
	migrationLock: lockAdvisory,

	codes:             codesSQLState,
	constraintColumns: postgresColumns,
}

// mayMakeDurable asks whether the role may execute what durably calls. Some hosts
// take that right from PUBLIC, and then every write would fail.
const mayMakeDurable = "SELECT has_function_privilege('set_config(text, text, boolean)', 'EXECUTE')::text"

// persistence asks how the table and those that inherit from it, as partitions do,
// are kept: p for permanent, t for temporary, u for unlogged.
const persistence = `WITH RECURSIVE family(oid) AS (
		SELECT '{table}'::regclass::oid UNION SELECT inhrelid FROM pg_inherits JOIN family ON inhparent = family.oid
	) SELECT string_agg(DISTINCT relpersistence::text, '' ORDER BY relpersistence::text) FROM pg_class WHERE oid IN (SELECT oid FROM family)`

// postgresColumns asks for the columns of an index, or of a constraint without an
// index.
const postgresColumns = `SELECT string_agg(name, ', ') FROM (
	SELECT pg_get_indexdef(i.indexrelid, k, true) AS name
	FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace, generate_series(1, i.indnkeyatts) k
	WHERE n.nspname = $1 AND c.relname = $2
	UNION ALL
	SELECT a.attname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
	WHERE n.nspname = $1 AND c.conname = $2 AND c.conindid = 0
) columns`
