package sqlstore

import (
	"fmt"
	"reflect"
	"regexp"
)

// sqliteCodes are the kinds of result codes: extended ones, and primary ones,
// which are the lowest byte of the former (sqlite.org/rescode.html).
var sqliteCodes = map[int]errorKind{
	5:    kindLocked,      // BUSY, after busy_timeout
	261:  kindConflict,    // BUSY_RECOVERY
	517:  kindConflict,    // BUSY_SNAPSHOT
	6:    kindConflict,    // LOCKED
	7:    kindUnable,      // NOMEM
	8:    kindUnable,      // READONLY
	9:    kindUnable,      // INTERRUPT
	10:   kindLost,        // IOERR: perhaps after the last page was written
	778:  kindUnable,      // IOERR_WRITE: a page was not written; ncruces reports a full disk so
	3082: kindUnable,      // IOERR_NOMEM
	13:   kindUnable,      // FULL
	14:   kindUnavailable, // CANTOPEN
	15:   kindLocked,      // PROTOCOL: no lock of the WAL
	17:   kindConflict,    // SCHEMA: the table was altered
	18:   kindRefused,     // TOOBIG
	19:   kindRefused,     // CONSTRAINT, or RAISE in one of the host's triggers
	1555: kindDuplicate,
	2067: kindDuplicate,
	20:   kindRefused, // MISMATCH
}

var (
	// The texts of RAISE and CHECK are the host's, and no names.
	sqliteConstraint = regexp.MustCompile(`(?s)^.*(?:UNIQUE|NOT NULL) constraint failed: (?:index ')?([\w.]+(?:, [\w.]+)*)'?(?: \(\d+\))?$`)
	sqliteCheck      = regexp.MustCompile(`(?s)^.*CHECK constraint failed: (.*)`)
	sqliteMissing    = regexp.MustCompile(`no such (?:table|column)|has no column named`)
)

func classifySQLite(err error) (finding, bool) {
	code, ok := sqliteCode(err)
	if !ok {
		return finding{}, false
	}
	kind, known := sqliteCodes[code]
	if !known {
		kind = sqliteCodes[code&0xff]
	}
	f := finding{kind: kind, code: fmt.Sprintf("result code %d", code), readOnly: code&0xff == 8}
	switch {
	case code&0xff == 1 && sqliteMissing.MatchString(err.Error()):
		f.kind = kindMissing
	case kind == kindDuplicate || code == 1299:
		f.constraint = submatch(sqliteConstraint, err.Error())
		if code == 1299 {
			f.column = unqualified(f.constraint)
		}
	case kind == kindRefused:
		f.hint = submatch(sqliteCheck, err.Error())
	}
	return f, true
}

// sqliteCode returns the result code, extended if possible, of modernc.org/sqlite,
// github.com/ncruces/go-sqlite3 or github.com/mattn/go-sqlite3.
func sqliteCode(err error) (int, bool) {
	for e := range errorsIn(err) {
		v := reflect.ValueOf(e)
		if isNcrucesCode(v.Type()) {
			return int(v.Uint()), true
		}
		// The name must be a constant: otherwise the linker keeps all methods
		// of all types.
		if m := v.MethodByName("ExtendedCode"); m.IsValid() && m.Type().NumIn() == 0 && m.Type().NumOut() == 1 && isNcrucesCode(m.Type().Out(0)) {
			return int(m.Call(nil)[0].Uint()), true
		}
		if c, ok := e.(interface{ Code() int }); ok {
			return c.Code(), true
		}
	}
	if code, ok := intField(err, "ExtendedCode"); ok && code != 0 {
		return code, true
	}
	return intField(err, "Code")
}

// isNcrucesCode reports whether t is one of ncruces' two types of result codes,
// which are errors themselves.
func isNcrucesCode(t reflect.Type) bool {
	return t.Kind() == reflect.Uint16 || t.Kind() == reflect.Uint8
}
