package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// An outcome is the result of a command.
type outcome struct {
	status         int
	stdout, stderr string
}

func runCommand(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	stdout, stderr := new(buffer), new(buffer)
	p := testProcess(nil, stdout, stderr)
	p.stdin = strings.NewReader(stdin)
	status := run(t.Context(), args, p)
	return outcome{status, stdout.String(), stderr.String()}
}

// importLines imports into the SQLite file.
func importLines(t *testing.T, name, lines string, args ...string) outcome {
	t.Helper()
	return runCommand(t, lines, append([]string{"import", "-db", name}, args...)...)
}

// exportLines exports the SQLite file.
func exportLines(t *testing.T, name string) string {
	t.Helper()
	got := runCommand(t, "", "export", "-db", name)
	got.expect(t, exitOK, "exported ")
	return got.stdout
}

// expect checks the exit status and that the standard error contains text.
func (o outcome) expect(t *testing.T, status int, text string) {
	t.Helper()
	if o.status != status || !strings.Contains(o.stderr, text) {
		t.Errorf("exit status = %d, stderr = %q; want %d and %q", o.status, o.stderr, status, text)
	}
}

func id(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-000000000000", n) }

// manyUsers returns n lines of users, numbered from 1.
func manyUsers(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString(userLine(i))
	}
	return b.String()
}

func userLine(i int) string {
	return fmt.Sprintf(`{"id":"%s","attributes":{"firstName":"Jane %d","address":{"houseNo":%d,"postalCode":"0%d"}},"createdAt":"2021-09-01T23:12:56.000001Z"}`+"\n", id(i), i, i, i)
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "users.db")
	startServer(t, nil, "-db", name).stop()
	odd := `{"id":"` + id(1) + `","attributes":{"firstName":" <&>\u2028\\\" \ud83d\ude00 é","lastName":"","pictureUrl":"http:\/\/a\u002f","address":{"houseNo":9007199254740991,"postalCode":"01067"}},"createdAt":"0001-01-01T00:00:01.5+00:00"}`
	importLines(t, name, "\n"+odd+"\r\n \n"+`{"id":"`+strings.ToUpper(id(0xabc))+`"}`).expect(t, exitOK, "imported 2 users in")
	file := filepath.Join(dir, "users.jsonl")
	require.NoError(t, os.WriteFile(file, []byte("old"), 0o644))
	runCommand(t, "", "export", "-db", name, file).expect(t, exitOK, "exported 4 users in")
	first, err := os.ReadFile(file)
	require.NoError(t, err)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	other := filepath.Join(dir, "other.db")
	runCommand(t, "", "import", "-db", other, file).expect(t, exitOK, "imported 4 users in")
	if diff := cmp.Diff(string(first), exportLines(t, other)); diff != "" {
		t.Errorf("another export (-first +second):\n%s", diff)
	}
	if strings.Contains(string(first), "old") || bytes.Count(first, []byte("\n")) != 4 {
		t.Errorf("the export is\n%s", first)
	}
	for _, value := range []string{`"0001-01-01T00:00:01.5Z"`, `"houseNo":9007199254740991,"postalCode":"01067"`, "😀 é", id(0xabc)} {
		if !bytes.Contains(first, []byte(value)) {
			t.Errorf("%s is not in the export\n%s", value, first)
		}
	}
}

func TestManyUsers(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	lines, begin := manyUsers(10_000), time.Now()
	importLines(t, name, lines).expect(t, exitOK, "imported 10000 users in")
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	if exportLines(t, name) != lines {
		t.Error("the export differs")
	}
}

func TestTransferUsageErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	// A link, so that a bug cannot replace the device.
	require.NoError(t, os.Symlink(os.DevNull, "device"))
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"import into memory": {[]string{"import", "-db", "memory"}, "userserver import: -db memory keeps no users beyond one process: name another database\n"},
		"export of memory":   {[]string{"export", "-db", "memory"}, "userserver export: -db memory keeps no users beyond one process: name another database\n"},
		"two files":          {[]string{"import", canary, canary}, "2 arguments: give one FILE, after the flags"},
		"no such file":       {[]string{"import", canary}, "FILE cannot be opened: no such file or directory"},
		"unknown mode":       {[]string{"import", "-existing", "x"}, "use fail, skip or replace"},
		"unknown flag":       {[]string{"export", "-existing", "skip"}, "flag provided but not defined: -existing"},
		"export to a device": {[]string{"export", "device"}, "FILE is a directory or a device, not a file"},
		"export, no file":    {[]string{"export"}, "-db: the file cannot be opened: no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			got := runCommand(t, "", test.args...)
			got.expect(t, exitUsage, test.want)
			if strings.Contains(got.stderr, canary) || got.stdout != "" {
				t.Errorf("%+v", got)
			}
		})
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 1 || left[0].Type() != os.ModeSymlink {
		t.Errorf("files %v, %v; want the link alone", left, err)
	}
}

func TestTransferHelp(t *testing.T) {
	for name, flags := range map[string][]string{"import": {"-db", "-existing", "-no-format-check"}, "export": {"-db"}} {
		got := runCommand(t, "", name, "-h")
		got.expect(t, exitOK, "")
		for _, text := range append(flags, "Usage: userserver "+name, databaseEnv) {
			if !strings.Contains(got.stdout, text) {
				t.Errorf("%s -h does not say %q:\n%s", name, text, got.stdout)
			}
		}
	}
}

// A failed export leaves the existing file and nothing else.
func TestFailedExportLeavesNothing(t *testing.T) {
	name, db := sqliteDB(t)
	execute(t, db, "UPDATE users SET created_at = '"+canary+"' WHERE id = '"+exampleID+"'")
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("out", []byte("old"), 0o600))
	got := runCommand(t, "", "export", "-db", name, "out")
	got.expect(t, exitFailure, "exported 0 users in")
	if strings.Contains(got.stderr, canary) {
		t.Errorf("it shows a value: %s", got.stderr)
	}
	left, err := os.ReadDir(".")
	if err != nil || len(left) != 1 {
		t.Errorf("files %v, %v", left, err)
	}
	if text, err := os.ReadFile("out"); err != nil || string(text) != "old" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	got = runCommand(t, "", "export", "-db", name, "new-dir/out")
	got.expect(t, exitFailure, "userserver export: cannot write: no such file or directory")
}

func TestInterruptedExport(t *testing.T) {
	name, _ := sqliteDB(t)
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	stdout, stderr := new(buffer), new(buffer)
	if got := run(ctx, []string{"export", "-db", name, "out"}, testProcess(nil, stdout, stderr)); got != exitFailure || !strings.HasSuffix(stderr.String(), "userserver export: interrupted\n") {
		t.Errorf("exit status = %d, stderr = %q; want 1 and interrupted", got, stderr)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 0 {
		t.Errorf("files %v, %v; want none", left, err)
	}
}

// A signal ends an import that waits for input. What was committed stays.
func TestInterruptedImport(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer reader.Close()
	defer writer.Close()
	c := newChild(t, reader, "import", "-db", name)
	_, err = writer.WriteString(manyUsers(1500))
	require.NoError(t, err)
	awaitUsers(t, name, 1000)
	c.signal(t, syscall.SIGINT)
	if err := c.wait(t); err == nil || c.command.ProcessState.ExitCode() != exitFailure {
		t.Errorf("it ended with %v, want exit status 1", err)
	}
	for _, want := range []string{"imported 1000 users, all up to line 1000, in ", "\nuserserver import: interrupted\n"} {
		if !strings.Contains(c.stderr.String(), want) {
			t.Errorf("stderr = %q, want %q in it", c.stderr, want)
		}
	}
	if got := exportLines(t, name); got != manyUsers(1000) {
		t.Errorf("the database does not hold the first 1000 users, but %d", strings.Count(got, "\n"))
	}
}

// awaitUsers waits until the file has n users or more.
func awaitUsers(t *testing.T, name string, n int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got := runCommand(t, "", "export", "-db", name); strings.Count(got.stdout, "\n") >= n {
			return
		}
	}
	t.Fatalf("the database does not come to hold %d users", n)
}
