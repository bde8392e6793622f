//go:build linux

package engine

import (
	"context"
	"testing"
	"time"
)

// TestPairPromotion kills a primary, a stopped sender included. What it had
// acknowledged is at the promoted standby, which the same DSN reaches, and which
// takes writes.
func TestPairPromotion(t *testing.T) {
	t.Parallel()
	pair := PostgreSQLPair(t)
	db := pair.NewDatabase(t).Open(t)
	mustExec(t, db, "create table t (n int)")
	mustExec(t, db, "insert into t values (7)")
	must(t, pair.Pause())
	pids := processes(t, pair.Primary)
	must(t, pair.KillPrimary())
	expectGone(t, pids)
	must(t, pair.Promote())
	if n := queryInt(t, db, "select n from t"); n != 7 {
		t.Errorf("at the promoted standby n is %d, want 7", n)
	}
	mustExec(t, db, "update t set n = 8")
}

// TestPairPause shows that a paused sender holds commits back, and lets them go
// on when it is resumed.
func TestPairPause(t *testing.T) {
	t.Parallel()
	pair := PostgreSQLPair(t)
	db := pair.NewDatabase(t).Open(t)
	mustExec(t, db, "create table t (n int)")
	must(t, pair.Pause())
	committed := make(chan error, 1)
	go func() {
		_, err := db.ExecContext(context.Background(), "insert into t values (7)")
		committed <- err
	}()
	select {
	case err := <-committed:
		t.Fatalf("a commit came back while the sender was stopped (error: %v)", err)
	case <-time.After(300 * time.Millisecond):
	}
	must(t, pair.Resume())
	select {
	case err := <-committed:
		must(t, err)
	case <-time.After(patience):
		t.Fatal("the commit did not come back")
	}
}
