package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// inMounts starts the program in its own mount namespace, after the shell commands of
// setup, in which $DIR is the directory. There even root cannot write to a read-only
// mount, and a small file system is full soon.
func inMounts(t *testing.T, dir, setup string, args ...string) *child {
	t.Helper()
	program, err := itself()
	require.NoError(t, err)
	script := "set -e\nDIR=$0\nmount --make-rprivate /\n" + setup + "\n" + `exec "$@"`
	command := exec.Command("/bin/sh", append([]string{"-c", script, dir, program}, args...)...)
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		command.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		command.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		command.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	return startCommand(t, command)
}

// requireMounts skips the test if mounting is not allowed, as in most containers, or
// fails it if CI=true.
func requireMounts(t *testing.T) {
	t.Helper()
	probe := exec.Command("unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", t.TempDir())
	out, err := probe.CombinedOutput()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("nothing can be mounted here: %v\n%s", err, out)
	default:
		t.Skipf("SKIPPED: read-only and full disks are NOT TESTED (with CI=true it would fail): %v\n%s", err, out)
	}
}

// A database that cannot be written is refused at the start, with the reason.
func TestUnwritableDatabases(t *testing.T) {
	t.Parallel()
	requireMounts(t)
	const (
		readOnly = "mount --bind $DIR/$PART $DIR/$PART; mount -o remount,bind,ro $DIR/$PART"
		full     = "mkdir $DIR/small; mount -t tmpfs -o size=1m none $DIR/small; cp $DIR/users.db $DIR/small/; MORE; ! dd if=/dev/zero of=$DIR/small/fill bs=4k 2>/dev/null"
		noRoom   = `(?m)^userserver: .*: the disk is full$`
	)
	fullAfter := func(more string) string { return regexp.MustCompile("MORE").ReplaceAllLiteralString(full, more) }
	for name, test := range map[string]struct{ db, setup, want string }{
		"read-only file":            {"users.db", "PART=users.db; " + readOnly, `(?m)^userserver: .*read-only`},
		"read-only directory":       {"users.db", "PART=.; " + readOnly, `(?m)^userserver: .*read-only directory$`},
		"nothing in a read-only":    {"new.db", "PART=.; " + readOnly, `(?m)^userserver: -db: the file cannot be created: read-only file system$`},
		"full disk":                 {"small/users.db", fullAfter(":"), noRoom},
		"full disk, new":            {"small/new.db", fullAfter(":"), noRoom},
		"full disk, in use already": {"small/users.db", fullAfter(`"$@" >$DIR/small/out & until grep -q Listening $DIR/small/out; do sleep 0.05; done; kill -9 $!`), noRoom},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, _ := sqliteDB(t)
			dir := filepath.Dir(file)
			c := inMounts(t, dir, test.setup, "-addr", "127.0.0.1:0", "-db", filepath.Join(dir, test.db))
			var exit *exec.ExitError
			if err := c.waitFor(t, time.Minute); !errors.As(err, &exit) || exit.ExitCode() < exitFailure {
				t.Errorf("it ended with %v", err)
			}
			if !regexp.MustCompile(test.want).MatchString(c.stderr.String()) || c.stdout.String() != "" {
				t.Errorf("stdout = %q, stderr = %q; want %s", c.stdout, c.stderr, test.want)
			}
		})
	}
}

// An import that fills the disk says so, and leaves whole batches.
func TestImportFillsTheDisk(t *testing.T) {
	t.Parallel()
	requireMounts(t)
	dir := t.TempDir()
	const n = 20_000
	require.NoError(t, os.WriteFile(filepath.Join(dir, "users.jsonl"), []byte(manyUsers(n)), 0o600))
	const setup = `mkdir $DIR/small $DIR/left; mount -t tmpfs -o size=2m none $DIR/small
		status=0; "$@" || status=$?; cp $DIR/small/* $DIR/left; exit $status`
	c := inMounts(t, dir, setup, "import", "-db", filepath.Join(dir, "small", "users.db"), filepath.Join(dir, "users.jsonl"))
	var exit *exec.ExitError
	if err := c.waitFor(t, time.Minute); !errors.As(err, &exit) || exit.ExitCode() != exitFailure {
		t.Errorf("it ended with %v", err)
	}
	left := exportLines(t, filepath.Join(dir, "left", "users.db"))
	done := strings.Count(left, "\n")
	if left != manyUsers(done) || done%batchSize != 0 || done == 0 || done == n {
		t.Errorf("%d users are left, want those of the first lines, in batches of %d", done, batchSize)
	}
	want := fmt.Sprintf(`^imported %d users, all up to line %[1]d, in .*\nuserserver import: lines? %d\b.*: the disk is full\n$`, done, done+1)
	if got := c.stderr.String(); !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("stderr = %q, want %s", got, want)
	}
}
