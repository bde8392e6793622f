package sqlstore

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
)

// SQLite is the dialect of SQLite 3.37 or newer. Concurrent writes share a
// transaction, and each returns after its commit; see ENGINES.md.
//
// Every connection must be in WAL mode, so that readers never wait for the
// writer, with synchronous=FULL, a busy_timeout, locking_mode=NORMAL and without
// cache=shared, and the pool must allow two connections or more. With modernc.org/sqlite that is
//
//	file:users.db?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)
//
// Add _txlock=immediate for transactions of your own that read before they write.
// A deleted user's bytes stay in free pages of the file until they are
// overwritten; secure_delete(ON) zeroes them.
var SQLite = sqlite()

func sqlite() Dialect {
	return Dialect{
		name:        "SQLite",
		identify:    "SELECT 'SQLite ' || sqlite_version()",
		engine:      "SQLite",
		folder:      "sqlite",
		quote:       `"`,
		placeholder: questionMark,
		created:     "created_at",
		layout:      "2006-01-02T15:04:05.000000Z",
		writing:     grouped,
		unlessTaken: " ON CONFLICT (id) DO NOTHING",
		prepared:    true,
		twoConns:    true,
		settings: []setting{
			{query: "PRAGMA {prefix}journal_mode", ok: is("wal"), want: "journal_mode must be WAL, set for every connection in the data source name: otherwise readers wait for the writer (a database in memory cannot be shared: use package memstore)"},
			{query: "PRAGMA {prefix}synchronous", ok: atLeast(2), loses: true, want: "synchronous must be FULL, set for every connection in the data source name: " + couldBeLost},
			{query: "PRAGMA {prefix}locking_mode", ok: is("normal"), want: "locking_mode must be NORMAL: otherwise one connection keeps all others out"},
			{query: "PRAGMA busy_timeout", ok: atLeast(100), want: "busy_timeout must be 100 ms or more (5000 is usual), set for every connection in the data source name: otherwise another process makes writes fail"},
		},
		storage: []setting{
			{query: "SELECT count(*) FROM temp.sqlite_master WHERE name = '{name}' COLLATE NOCASE", ok: is("0"), want: "the table must not be temporary: other connections do not see it"},
		},
		// The driver holds the engine: characters tell enough, and a database in
		// UTF-16 has other bytes.
		values:   valueProbe{timeType: "TEXT", textType: "TEXT", measure: "length(v)", measured: characters},
		readOnly: isSQLiteReadOnly,
		migrate:  inImmediateTransaction,
		find:     findSQLiteCode,
	}
}

func atLeast(least int) func(string) bool {
	return func(s string) bool {
		n, err := strconv.Atoi(s)
		return err == nil && n >= least
	}
}

// sqliteCodes are the verdicts on extended result codes, and on primary ones,
// which are their lowest byte (sqlite.org/rescode.html).
var sqliteCodes = map[int]verdict{
	5:    waited,      // BUSY, after busy_timeout
	261:  conflict,    // BUSY_RECOVERY
	517:  conflict,    // BUSY_SNAPSHOT
	6:    conflict,    // LOCKED
	7:    unable,      // NOMEM
	8:    unable,      // READONLY
	9:    unable,      // INTERRUPT
	10:   lost,        // IOERR: after the last page was written, perhaps
	778:  unable,      // IOERR_WRITE: a page was not; what ncruces says of a full disk
	3082: unable,      // IOERR_NOMEM
	13:   unable,      // FULL
	14:   unavailable, // CANTOPEN
	15:   waited,      // PROTOCOL: of the locks of the WAL
	17:   conflict,    // SCHEMA: the table was altered
	18:   refused,     // TOOBIG
	19:   refused,     // CONSTRAINT, and RAISE in a trigger of the host
	1555: duplicate,
	2067: duplicate,
	20:   refused, // MISMATCH
}

var (
	// Of RAISE and CHECK the text is the host's, so that it is no name.
	sqliteConstraint = regexp.MustCompile(`(?s)^.*(?:UNIQUE|NOT NULL) constraint failed: (?:index ')?([\w.]+(?:, [\w.]+)*)'?(?: \(\d+\))?$`)
	sqliteID         = regexp.MustCompile(`(?:^|, )\w+\.id(?:,|$)`)
	sqliteCheck      = regexp.MustCompile(`(?s)^.*CHECK constraint failed: (.*)`)
	sqliteMissing    = regexp.MustCompile(`no such (?:table|column)|has no column named`)
)

func findSQLiteCode(err error) (finding, bool) {
	code, ok := sqliteCode(err)
	if !ok {
		return finding{}, false
	}
	v, known := sqliteCodes[code]
	if !known {
		v = sqliteCodes[code&0xff]
	}
	f := finding{verdict: v, code: fmt.Sprintf("result code %d", code)}
	switch {
	case code&0xff == 1 && sqliteMissing.MatchString(err.Error()):
		f.verdict = missing
	case v == duplicate || code == 1299:
		f.constraint = submatch(sqliteConstraint, err.Error())
		f.ofID = sqliteID.MatchString(f.constraint)
	case v == refused:
		f.hint = submatch(sqliteCheck, err.Error())
	}
	return f, true
}

// isSQLiteReadOnly reports whether err is SQLITE_READONLY, of any extended code.
func isSQLiteReadOnly(err error) bool {
	code, ok := sqliteCode(err)
	return ok && code&0xff == 8
}

// sqliteCode returns the result code, extended where it can: of modernc.org/sqlite, of
// github.com/ncruces/go-sqlite3, or of github.com/mattn/go-sqlite3.
func sqliteCode(err error) (int, bool) {
	for e := range errorsIn(err) {
		v := reflect.ValueOf(e)
		if isCode(v.Type()) {
			return int(v.Uint()), true
		}
		// The name is a constant for the linker, which keeps all methods of
		// all types for one that is not.
		if m := v.MethodByName("ExtendedCode"); m.IsValid() && m.Type().NumIn() == 0 && m.Type().NumOut() == 1 && isCode(m.Type().Out(0)) {
			return int(m.Call(nil)[0].Uint()), true
		}
		if c, ok := e.(interface{ Code() int }); ok {
			return c.Code(), true
		}
	}
	if code, ok := codeField(err, "ExtendedCode"); ok && code != 0 {
		return code, true
	}
	return codeField(err, "Code")
}

// isCode reports whether t is one of ncruces' two types of result codes, which
// are errors themselves.
func isCode(t reflect.Type) bool { return t.Kind() == reflect.Uint16 || t.Kind() == reflect.Uint8 }
