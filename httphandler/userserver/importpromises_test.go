package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
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

// writeUsers writes n lines of users, or fewer if the reader is closed.
func writeUsers(w io.Writer, n int) {
	for i := 1; i <= n; i++ {
		if _, err := io.WriteString(w, userLine(i)); err != nil {
			return
		}
	}
}

// startImport starts an import of 20 batches, after which it waits for more.
func startImport(t *testing.T, name string) *child {
	t.Helper()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { writer.Close() })
	c := newChild(t, reader, "import", "-db", name)
	reader.Close()
	go writeUsers(writer, 20*batchSize)
	return c
}

// What a killed import leaves is whole batches, and importing again completes it.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	c := startImport(t, name)
	awaitUsers(t, name, 3*batchSize)
	require.NoError(t, c.command.Process.Kill())
	c.wait(t)
	left := exportLines(t, name)
	n := strings.Count(left, "\n")
	if n%batchSize != 0 || left != manyUsers(n) {
		t.Fatalf("%d users are left, which are not those of the first lines, in batches of %d", n, batchSize)
	}
	importLines(t, name, manyUsers(n+10), "-existing", "skip").expect(t, exitOK, fmt.Sprintf("imported 10 users, skipped %d in ", n))
}

// A server beside the import serves patches all the time.
func TestImportGivesWay(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	s := startServer(t, nil, "-db", name)
	c := startImport(t, name)
	awaitUsers(t, name, 2*batchSize)
	for i := range 4 {
		patch(t, s.base, exampleID, demoToken, fmt.Sprintf(`{"firstName":"Jane %d"}`, i)).expect(t, 200, "")
	}
	require.NoError(t, c.command.Process.Kill())
	c.wait(t)
}

// Batches that cannot be imported at once keep nobody waiting for all of them.
func TestImportGivesWayAfterEachBatch(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	importLines(t, name, userLine(1500)).expect(t, exitOK, "imported 1 user in ")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	db, err := openSQL(ctx, sqliteFile(name), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer db.close()
	i := &importer{to: db, existing: existingModes["skip"], pace: pace{gap: time.Hour}}
	imported := make(chan error)
	go func() {
		imported <- i.importBatches(ctx, slices.Collect(eachBatch(strings.NewReader(manyUsers(3000)), nil)))
	}()
	awaitUsers(t, name, 1001)
	cancel()
	if err := <-imported; err == nil || i.done != batchSize {
		t.Errorf("%d users were imported in the gap after the first batch, %v", i.done, err)
	}
}

// An import that is interrupted never looks complete, also if its reader has ended first.
func TestInterruptedBatches(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := &batchReader{batches: make(chan batch)}
	close(r.batches)
	for range 100 {
		some, err := r.next(ctx, 1)
		require.ErrorIs(t, err, errInterrupted)
		require.Empty(t, some)
	}
}

// However long the lines are, only so many are in memory.
func TestBatchReaderWaitsForRoom(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ length, batches int }{
		"usual": {100, maxRoom},
		"heavy": {1500, maxRoom / 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reader, writer := io.Pipe()
				defer reader.Close()
				line := strings.TrimSpace(userLine(1))
				line += strings.Repeat(" ", max(test.length-len(line), 0)) + "\n"
				text, n := strings.Repeat(line, batchSize), 0
				go func() {
					for {
						if _, err := io.WriteString(writer, text); err != nil {
							return
						}
						n++
					}
				}()
				r := readBatches(t.Context(), reader, nil)
				synctest.Wait()
				// The last batch waits for room, with one line or a few behind it.
				if want := test.batches + 1; n != want {
					t.Errorf("%d batches are read ahead, want %d", n, want)
				}
				some, err := r.next(t.Context(), maxBatches)
				require.NoError(t, err)
				r.forget(some...)
				synctest.Wait()
				if want := test.batches + 1 + len(some); n != want {
					t.Errorf("%d batches are read after %d were imported, want %d", n, len(some), want)
				}
			})
		})
	}
}

// After a long transaction comes a smaller one, and after a short one a larger.
func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p pace
		got := []int{p.batches()}
		for _, took := range []time.Duration{10, 10, 10, 10, 10, 400, 600, 260, 200, 600, 600, 600, 600, 600, 10} {
			p.begin()
			time.Sleep(took * time.Millisecond)
			p.end(p.batches())
			got = append(got, p.batches())
		}
		if diff := cmp.Diff([]int{1, 2, 4, 8, 16, 16, 16, 8, 8, 16, 8, 4, 2, 1, 1, 2}, got); diff != "" {
			t.Errorf("batches (-want +got):\n%s", diff)
		}
		p.begin()
		p.end(1) // of two that it might have had
		if p.batches() != 2 {
			t.Errorf("%d batches, after one that was alone", p.batches())
		}
	})
}
