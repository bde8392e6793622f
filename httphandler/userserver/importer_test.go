package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// withWrongLine returns n lines of users, with another one instead of one of them.
func withWrongLine(n, wrong int, instead string) string {
	lines := slices.Collect(strings.Lines(manyUsers(n)))
	lines[wrong-1] = instead + "\n"
	return strings.Join(lines, "")
}

// Wherever the wrong line is, the batches before its own are imported, and nothing
// else.
func TestImportStopsAtTheWrongLine(t *testing.T) {
	t.Parallel()
	const n = 3500
	for _, wrong := range []int{1, 1000, 1001, n} {
		for name, instead := range map[string]struct{ line, text string }{
			"no record":            {"nothing", "it is not one JSON value"},
			"taken":                {`{"id":"` + id(0xffffff) + `"}`, "the id is taken"},
			"refused by the table": {`{"id":"` + id(0xeeeeee) + `","attributes":{"locale":"xx"}}`, "/locale "},
		} {
			t.Run(fmt.Sprintf("%s in line %d", name, wrong), func(t *testing.T) {
				t.Parallel()
				file, db := sqliteDB(t)
				execute(t, db, "DELETE FROM users")
				execute(t, db, "CREATE UNIQUE INDEX one_locale ON users (locale)")
				execute(t, db, "INSERT INTO users (id, created_at, locale) VALUES ('"+id(0xffffff)+"', '2021-09-01T23:12:56.000000Z', 'xx')")
				done := (wrong - 1) / batchSize * batchSize
				upTo := fmt.Sprintf(", all up to line %d,", done)
				if done == 0 {
					upTo = ""
				}
				got := importLines(t, file, withWrongLine(n, wrong, instead.line))
				got.expect(t, exitFailure, fmt.Sprintf("imported %d users%s in ", done, upTo))
				got.expect(t, exitFailure, fmt.Sprintf("\nuserserver import: line %d: ", wrong))
				got.expect(t, exitFailure, instead.text)
				execute(t, db, "DELETE FROM users WHERE locale = 'xx'")
				if left := exportLines(t, file); left != manyUsers(done) {
					t.Errorf("the database holds %d users, want the first %d", strings.Count(left, "\n"), done)
				}
			})
		}
	}
}

// An id may appear twice in a batch, and in two batches of a transaction.
func TestImportTwice(t *testing.T) {
	t.Parallel()
	for _, lines := range []struct{ first, second, of int }{{10, 20, 1100}, {1000, 1001, 2100}, {1500, 2200, 2300}} {
		t.Run(fmt.Sprint(lines), func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "users.db")
			second := `{"id":"` + id(lines.first) + `","attributes":{"lastName":"Second"},"createdAt":"2021-09-01T23:12:56.000001Z"}`
			twice := withWrongLine(lines.of, lines.second, second)
			done := (lines.second - 1) / batchSize * batchSize
			got := importLines(t, name, twice)
			got.expect(t, exitFailure, fmt.Sprintf("imported %d users", done))
			got.expect(t, exitFailure, fmt.Sprintf("userserver import: line %d: the id is taken", lines.second))
			if left := exportLines(t, name); left != manyUsers(done) {
				t.Errorf("the database holds %d users, want the first %d", strings.Count(left, "\n"), done)
			}
			importLines(t, name, twice, "-existing", "skip").expect(t, exitOK, fmt.Sprintf("imported %d users, skipped %d in ", lines.of-1-done, done+1))
			importLines(t, name, twice, "-existing", "replace").expect(t, exitOK, fmt.Sprintf("imported %d users in ", lines.of))
			want := slices.Collect(strings.Lines(withWrongLine(lines.of, lines.first, second)))
			if got := exportLines(t, name); got != strings.Join(slices.Delete(want, lines.second-1, lines.second), "") {
				t.Error("of two lines with an id, the last does not replace the first")
			}
		})
	}
}
