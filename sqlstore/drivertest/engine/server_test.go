//go:build linux

package engine

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var startable = []struct {
	name  string
	start func(...Option) (*Server, error)
}{
	{"PostgreSQL", StartPostgreSQL},
	{"MariaDB", StartMariaDB},
}

// TestKill kills a server that has just acknowledged a row. No process is left;
// after a restart, at the same address, the row is there.
func TestKill(t *testing.T) {
	t.Parallel()
	for _, tt := range startable {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := forTest(t, tt.start, nil)
			db := server.NewDatabase(t).Open(t)
			mustExec(t, db, "create table t (n int)")
			mustExec(t, db, "insert into t values (7)")
			pids := processes(t, server)
			must(t, server.Kill())
			expectGone(t, pids)
			expectFree(t, server.port)
			must(t, server.Start())
			if n := queryInt(t, db, "select n from t"); n != 7 {
				t.Errorf("after the restart n is %d, want 7", n)
			}
		})
	}
}

// TestRestart does the same with a clean stop, and with a fast server, which
// loses nothing then.
func TestRestart(t *testing.T) {
	t.Parallel()
	for _, tt := range startable {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := forTest(t, tt.start, []Option{Fast})
			db := server.NewDatabase(t).Open(t)
			mustExec(t, db, "create table t (n int)")
			mustExec(t, db, "insert into t values (7)")
			pids := processes(t, server)
			must(t, server.Restart())
			expectGone(t, pids)
			if n := queryInt(t, db, "select n from t"); n != 7 {
				t.Errorf("after the restart n is %d, want 7", n)
			}
		})
	}
}

// TestClose leaves nothing behind, whether the server runs or was killed.
func TestClose(t *testing.T) {
	t.Parallel()
	for _, tt := range startable {
		for _, killed := range []bool{false, true} {
			t.Run(tt.name+map[bool]string{false: " running", true: " killed"}[killed], func(t *testing.T) {
				t.Parallel()
				server, err := tt.start(Fast)
				Require(t, err)
				pid, pids := server.process.cmd.Process.Pid, processes(t, server)
				if tt.name == "PostgreSQL" && len(ownSegments(t, pid)) == 0 {
					t.Error("found no shared memory of a PostgreSQL server")
				}
				if killed {
					must(t, server.Kill())
				}
				must(t, server.Close())
				expectGone(t, pids)
				expectFree(t, server.port)
				if _, err := os.Stat(server.directory.path); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the directory is still there (error: %v)", err)
				}
				if left := ownSegments(t, pid); len(left) > 0 {
					t.Errorf("shared memory is left: %v", left)
				}
			})
		}
	}
}

// TestCrashIsReported ends a server from outside: closing it is an error.
func TestCrashIsReported(t *testing.T) {
	t.Parallel()
	server, err := StartPostgreSQL(Fast)
	Require(t, err)
	must(t, server.process.kill())
	require.Error(t, server.Close(), "Close does not report that the server had ended by itself")
}

// TestSettings sees that options reach the server, and that an unknown one makes
// the start fail.
func TestSettings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		start              func(...Option) (*Server, error)
		name, value, query string
	}{
		{StartPostgreSQL, "max_locks_per_transaction", "77", "select setting from pg_settings where name = 'max_locks_per_transaction'"},
		{StartMariaDB, "innodb_lock_wait_timeout", "77", "select @@innodb_lock_wait_timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := forTest(t, tt.start, []Option{Fast, Setting(tt.name, tt.value)})
			if n := queryInt(t, server.NewDatabase(t).Open(t), tt.query); n != 77 {
				t.Errorf("%s is %d, want 77", tt.name, n)
			}
		})
		t.Run("not "+tt.name, func(t *testing.T) {
			t.Parallel()
			if refused, err := tt.start(Setting("no_such_setting", "1")); err == nil {
				t.Error("it starts with an unknown setting")
				must(t, refused.Close())
			}
		})
	}
}

// processes returns the ids of all processes of a server.
func processes(t *testing.T, s *Server) []int {
	t.Helper()
	root := s.process.cmd.Process.Pid
	below, err := descendants(root)
	must(t, err)
	if s.product == postgreSQL && len(below) == 0 {
		t.Fatal("found no children of a PostgreSQL server")
	}
	return append(below, root)
}

func expectGone(t *testing.T, pids []int) {
	t.Helper()
	gone, err := allGone(pids)
	must(t, err)
	if !gone {
		t.Errorf("of the processes %v some are left", pids)
	}
}

func expectFree(t *testing.T, port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		t.Errorf("the port is not free: %v", err)
		return
	}
	must(t, listener.Close())
}

func must(t testing.TB, err error) {
	t.Helper()
	require.NoError(t, err)
}

func mustExec(t testing.TB, db *sql.DB, statement string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), statement)
	must(t, err)
}

// queryInt tries again as long as connections fail: those of a pool may be of a
// time before a restart.
func queryInt(t testing.TB, db *sql.DB, query string) int {
	t.Helper()
	var n int
	must(t, poll(query, func() (bool, error) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err := db.QueryRowContext(ctx, query).Scan(&n)
		return err == nil, err
	}))
	return n
}
