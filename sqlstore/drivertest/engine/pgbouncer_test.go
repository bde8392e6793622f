//go:build linux

package engine

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

// TestPgBouncer sees that clients share connections, and that nothing is left.
func TestPgBouncer(t *testing.T) {
	t.Parallel()
	server := forTest(t, StartPostgreSQL, []Option{Fast})
	pooler, err := StartPgBouncer(server, Setting("default_pool_size", "1"))
	Require(t, err)
	created := server.NewDatabase(t)
	behind := pooler.Through(t, created)
	behind.DSN += "&default_query_exec_mode=exec"
	db := behind.Open(t)
	mustExec(t, db, "set work_mem = '77MB'")
	if n := queryInt(t, behind.Open(t), "select 1 where current_setting('work_mem') = '77MB'"); n != 1 {
		t.Error("two clients do not share the one connection")
	}
	must(t, db.Close())
	must(t, pooler.Close())
	expectFree(t, pooler.port)
	if _, err := os.Stat(pooler.directory.path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory is still there (error: %v)", err)
	}
}
