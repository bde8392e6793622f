//go:build linux

package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExternal uses a server of the environment: databases can be had from it,
// but it is neither stopped nor closed.
func TestExternal(t *testing.T) {
	for _, tt := range startable {
		t.Run(tt.name, func(t *testing.T) {
			own := forTest(t, tt.start, []Option{Fast})
			t.Setenv(own.product.variable, own.DSN())
			external := forTest(t, tt.start, nil)
			if !external.External() || external.DSN() != own.DSN() {
				t.Error("the server is not the one of the environment")
			}
			t.Run("use", func(t *testing.T) {
				if n := queryInt(t, external.NewDatabase(t).Open(t), "select 7"); n != 7 {
					t.Errorf("got %d, want 7", n)
				}
			})
			for name, change := range map[string]func() error{
				"Start": external.Start, "Stop": external.Stop, "Kill": external.Kill, "Restart": external.Restart,
			} {
				if err := change(); !errors.Is(err, ErrNotOurs) {
					t.Errorf("%s: error %v, want %v", name, err, ErrNotOurs)
				}
			}
			must(t, external.Close())
			must(t, own.ping())
			must(t, own.Stop())
			if s, err := tt.start(); err == nil || s != nil || errors.Is(err, ErrUnavailable) {
				t.Errorf("a server of the environment that does not answer: error %v", err)
			}
		})
	}
}

// TestNewDatabase gives every test a database of its own, and drops it.
func TestNewDatabase(t *testing.T) {
	t.Parallel()
	count := map[string]string{
		"PostgreSQL": "select count(*) from pg_database where datname = '%s'",
		"MariaDB":    "select count(*) from information_schema.schemata where schema_name = '%s'",
	}
	for _, tt := range startable {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := forTest(t, tt.start, []Option{Fast})
			keep := server.NewDatabase(t)
			query := func(name string) int {
				return queryInt(t, keep.Open(t), fmt.Sprintf(count[tt.name], name))
			}
			var dropped Database
			t.Run("inner", func(t *testing.T) {
				dropped = server.NewDatabase(t)
				mustExec(t, dropped.Open(t), "create table t (n int)")
				if n := query(dropped.Name); n != 1 {
					t.Errorf("the database is there %d times", n)
				}
			})
			if n := query(dropped.Name); n != 0 {
				t.Errorf("after the test the database is there %d times", n)
			}
			mustExec(t, keep.Open(t), "create table t (n int)")
		})
	}
}

func TestInDatabase(t *testing.T) {
	tests := []struct {
		product   *product
		dsn, want string
	}{
		{postgreSQL, "postgres://u:p@h:1/postgres?sslmode=disable", "postgres://u:p@h:1/x?sslmode=disable"},
		{postgreSQL, "postgres://u:p@h:1,i:2/postgres", "postgres://u:p@h:1,i:2/x"},
		{postgreSQL, "host=h user=u dbname=postgres", "host=h user=u dbname=postgres dbname=x"},
		{mariaDB, "u:p@tcp(h:1)/", "u:p@tcp(h:1)/x"},
		{mariaDB, "u:p@tcp(h:1)/old?clientFoundRows=true", "u:p@tcp(h:1)/x?clientFoundRows=true"},
	}
	for _, tt := range tests {
		got, err := tt.product.inDatabase(tt.dsn, "x")
		must(t, err)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s in %s (-want +got):\n%s", tt.dsn, tt.product.name, diff)
		}
	}
}

// A recorder is a test that notes how it ends.
type recorder struct {
	testing.TB
	skipped, failed string
}

func (r *recorder) Helper()                          {}
func (r *recorder) Skipf(format string, args ...any) { r.skipped = fmt.Sprintf(format, args...) }
func (r *recorder) Fatal(args ...any)                { r.failed = fmt.Sprint(args...) }

// TestRequire skips loudly, but fails on a CI machine.
func TestRequire(t *testing.T) {
	missing := mariaDB.wrap(unavailable("nothing here"))
	tests := []struct {
		ci              string
		err             error
		skipped, failed bool
	}{
		{"", nil, false, false},
		{"true", nil, false, false},
		{"", missing, true, false},
		{"true", missing, false, true},
		{"", errors.New("broken"), false, true},
	}
	for _, tt := range tests {
		t.Setenv("CI", tt.ci)
		var r recorder
		Require(&r, tt.err)
		if (r.skipped != "") != tt.skipped || (r.failed != "") != tt.failed {
			t.Errorf("CI=%q, %v: skipped %q, failed %q", tt.ci, tt.err, r.skipped, r.failed)
		}
		if tt.skipped && (!strings.Contains(r.skipped, "SKIPPED") || !strings.Contains(r.skipped, "MariaDB") ||
			!strings.Contains(r.skipped, "NOT TESTED") || !strings.Contains(r.skipped, "nothing here")) {
			t.Errorf("the skip does not say what is not tested: %s", r.skipped)
		}
	}
}

func TestRequireOwn(t *testing.T) {
	t.Setenv("CI", "")
	var r recorder
	(&Server{product: mariaDB, external: "dsn"}).RequireOwn(&r)
	if !strings.Contains(r.skipped, mariaDB.variable) {
		t.Errorf("a server from the environment: skipped %q", r.skipped)
	}
	r = recorder{}
	(&Server{product: mariaDB}).RequireOwn(&r)
	if r.skipped+r.failed != "" {
		t.Errorf("a server of our own: skipped %q, failed %q", r.skipped, r.failed)
	}
}

// TestFindBinary passes over a program without its siblings, and one that cannot
// be run.
func TestFindBinary(t *testing.T) {
	root := t.TempDir()
	write := func(path string, mode os.FileMode) {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o755))
		must(t, os.WriteFile(filepath.Join(root, path), nil, mode))
	}
	write("alone/server", 0o755)
	write("inert/server", 0o644)
	write("inert/setup", 0o755)
	write("real/server", 0o755)
	write("real/setup", 0o755)
	must(t, os.MkdirAll(filepath.Join(root, "linked"), 0o755))
	must(t, os.Symlink("../real/server", filepath.Join(root, "linked/server")))
	tests := []struct{ path, want string }{
		{"alone:real", "real/server"},
		{"inert:real", "real/server"},
		{"alone:inert", ""},
		{"linked", "real/server"},
	}
	for _, tt := range tests {
		var dirs []string
		for _, dir := range strings.Split(tt.path, ":") {
			dirs = append(dirs, filepath.Join(root, dir))
		}
		t.Setenv("PATH", strings.Join(dirs, ":"))
		got, found := findBinary("server", "setup")
		if want := tt.want; found != (want != "") || found && got != filepath.Join(root, want) {
			t.Errorf("PATH %s: got %q, want %q", tt.path, got, want)
		}
	}
}
