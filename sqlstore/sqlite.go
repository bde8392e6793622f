package sqlstore

var sqlite = engine{
	name:         "SQLite",
	versionQuery: "SELECT 'SQLite ' || sqlite_version()",
	versionHolds: "SQLite",
	migrations:   "sqlite",

	quote:        `"`,
	placeholders: placeholdersQuestionMark,
	columnQuote:  "`", // "x" is a text where there is no column x (sqlite.org/quirks.html, section 8)
	readTime:     "{column}",
	readDate:     "CAST({column} AS TEXT)", // drivers make a time of a date
	dateType:     "TEXT",
	timeLayout:   "2006-01-02T15:04:05.000000Z",

	commitMode: commitGroup,
	returning:  true,
	prepares:   true,
	onConflict: " ON CONFLICT DO NOTHING",
	orFail:     " OR FAIL",

	settings: []setting{
		{query: "PRAGMA {prefix}journal_mode", ok: is("wal"), want: "journal_mode must be WAL, set for every connection in the data source name: otherwise readers wait for the writer (a database in memory cannot be shared: use package memstore)"},
		{query: "PRAGMA {prefix}synchronous", ok: isAtLeast(2), losesData: true, want: "synchronous must be FULL, set for every connection in the data source name: " + couldBeLost},
		{query: "PRAGMA {prefix}locking_mode", ok: is("normal"), want: "locking_mode must be NORMAL: otherwise one connection keeps all others out"},
		{query: "PRAGMA busy_timeout", ok: isAtLeast(100), want: "busy_timeout must be 100 ms or more (5000 is usual), set for every connection in the data source name: otherwise another process makes writes fail"},
	},
	tableSettings: []setting{
		{query: "SELECT count(*) FROM temp.sqlite_master WHERE name = '{name}' COLLATE NOCASE", ok: is("0"), want: "the table must not be temporary: other connections do not see it"},
	},
	needsTwoConns: true,
	// The driver contains the engine, so that no bytes travel; and a database in
	// UTF-16 has other bytes.
	echo:          echo{timeType: "TEXT", textType: "TEXT", measure: "length(v)"},
	migrationLock: lockImmediate,

	codes: codesSQLite,
}
