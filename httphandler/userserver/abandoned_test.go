//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// stoppedExport starts an export and stops it while it writes its file in dir.
func stoppedExport(t *testing.T, db, dir, file string) *child {
	t.Helper()
	for range 20 {
		c := newChild(t, nil, "export", "-db", db, filepath.Join(dir, file))
		for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			if isFilling(t, dir) || len(c.exited) > 0 {
				break
			}
		}
		if err := c.command.Process.Signal(syscall.SIGSTOP); err == nil && isFilling(t, dir) {
			return c
		}
		// The export was too fast.
		c.command.Process.Kill()
		c.wait(t)
		os.Remove(filepath.Join(dir, file))
	}
	t.Fatal("no export could be stopped while it wrote")
	return nil
}

// isFilling reports whether an unfinished file has contents. By then its export has
// locked it.
func isFilling(t *testing.T, dir string) bool {
	t.Helper()
	for _, name := range unfinishedIn(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}

func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func unfinishedIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	for _, name := range filesIn(t, dir) {
		if strings.HasPrefix(name, unfinished) && name != unfinished+"link" {
			names = append(names, name)
		}
	}
	return names
}

// An export removes the file of a killed export, and not that of a running one.
func TestExportRemovesWhatAKilledOneLeft(t *testing.T) {
	t.Parallel()
	const n = 20_000
	db := filepath.Join(t.TempDir(), "users.db")
	importLines(t, db, manyUsers(n)).expect(t, exitOK, "imported 20000 users in")
	dir := filepath.Join(t.TempDir(), "a [dir]") // not a glob pattern
	require.NoError(t, os.Mkdir(dir, 0o700))
	// A link is not the file of an export.
	victim := filepath.Join(t.TempDir(), "victim")
	require.NoError(t, os.WriteFile(victim, nil, 0o600))
	require.NoError(t, os.Symlink(victim, filepath.Join(dir, unfinished+"link")))
	first := stoppedExport(t, db, dir, "first")
	runs := unfinishedIn(t, dir)
	runCommand(t, "", "export", "-db", db, filepath.Join(dir, "second")).expect(t, exitOK, "exported 20000 users in")
	if diff := cmp.Diff(append(runs, unfinished+"link", "second"), filesIn(t, dir)); diff != "" {
		t.Fatalf("while an export runs (-want +got):\n%s", diff)
	}
	first.signal(t, syscall.SIGCONT)
	if err := first.waitFor(t, time.Minute); err != nil {
		t.Fatalf("it ended with %v; stderr:\n%s", err, first.stderr)
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "first")))
	killed := stoppedExport(t, db, dir, "first")
	killed.signal(t, syscall.SIGKILL)
	require.Error(t, killed.wait(t), "the export was not killed")
	if left := unfinishedIn(t, dir); len(left) != 1 {
		t.Fatalf("it left %v", left)
	}
	got := runCommand(t, "", "export", "-db", db, filepath.Join(dir, "third"))
	got.expect(t, exitOK, `msg="removed the file of a killed export"`)
	if diff := cmp.Diff([]string{unfinished + "link", "second", "third"}, filesIn(t, dir)); diff != "" {
		t.Errorf("after the kill (-want +got):\n%s", diff)
	}
	for _, name := range []string{"second", "third"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != manyUsers(n) {
			t.Errorf("%s does not hold the users; error %v", name, err)
		}
	}
}

// FILE is never the database: an export would replace it.
func TestFileIsNotTheDatabase(t *testing.T) {
	name, _ := sqliteDB(t)
	other, _ := sqliteDB(t)
	dir := filepath.Dir(name)
	link, linkedDir := filepath.Join(t.TempDir(), "link"), filepath.Join(t.TempDir(), "dir")
	require.NoError(t, os.Symlink(name, link))
	require.NoError(t, os.Symlink(dir, linkedDir))
	before, err := os.ReadFile(name)
	require.NoError(t, err)
	const isDatabase, isOther = "FILE is the database, or one of the files that SQLite keeps beside it", "FILE is an SQLite database, not a file of JSON lines"
	for _, test := range []struct{ db, file, want string }{
		{name, name, isDatabase},
		{name, name + "-wal", isDatabase}, // does not exist yet
		{name, name + "-SHM", isDatabase},
		{name, name + "-journal", isDatabase},
		{name, link, isDatabase},
		{link, name, isDatabase},
		{link, name + "-wal", isDatabase},
		{name, filepath.Join(linkedDir, "users.db"), isDatabase},
		{name, filepath.Join(linkedDir, "users.db-wal"), isDatabase},
		{filepath.Join(dir, "new.db"), filepath.Join(dir, "new.db"), isDatabase},
		{name, other, isOther},
	} {
		for _, command := range []string{"import", "export"} {
			runCommand(t, "", command, "-db", test.db, test.file).expect(t, exitUsage, "userserver "+command+": "+test.want)
		}
	}
	if after, err := os.ReadFile(name); err != nil || string(after) != string(before) {
		t.Errorf("the database has changed, or %v", err)
	}
	if diff := cmp.Diff([]string{"users.db"}, filesIn(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	runCommand(t, "", "export", "-db", name, name+".jsonl").expect(t, exitOK, "exported 2 users")
}
