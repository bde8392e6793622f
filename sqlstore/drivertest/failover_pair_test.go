package drivertest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
)

// failovers is how often each failover is made: USERRECORD_FAILOVERS, or once.
func failovers(t *testing.T) int {
	t.Helper()
	return times(t, "USERRECORD_FAILOVERS", 1)
}

// A primary is killed while its standby lags, and the standby is promoted. What
// was acknowledged is there.
func TestPairLosesNothing(t *testing.T) {
	t.Parallel()
	for range failovers(t) {
		if lost := failPair(t, engine.PostgreSQLPair(t), briefly); len(lost) > 0 {
			t.Errorf("%d acknowledged patches are lost", len(lost))
		}
	}
}

// Where the primary does not wait for the standby, the same test sees losses.
func TestPairWithoutWaitingLoses(t *testing.T) {
	t.Parallel()
	pair := engine.PostgreSQLPair(t, engine.Setting("synchronous_commit", "local"))
	acknowledged := func(l *load) { l.await(t, 50) }
	if lost := failPair(t, pair, acknowledged); len(lost) == 0 {
		t.Error("the test does not see a loss")
	}
}

// briefly lets the writers begin patches that the standby does not get.
func briefly(*load) { time.Sleep(300 * time.Millisecond) }

func failPair(t *testing.T, pair *engine.Pair, meanwhile func(*load)) (lost []int) {
	t.Helper()
	db := pair.NewDatabase(t).Open(t)
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	store := database{dialect: sqlstore.PostgreSQL}.migrated(t, db)
	l := startLoad(t, store)
	l.await(t, 200)
	must(t, pair.Pause())
	meanwhile(l)
	killed := time.Now()
	must(t, pair.KillPrimary())
	must(t, pair.Promote())
	t.Logf("promoted %v after the kill", time.Since(killed).Round(time.Millisecond))
	l.await(t, 200)
	l.stop()
	lost = l.lost(t, store)
	t.Log(l.summary(killed, lost))
	return lost
}

func must(t testing.TB, err error) {
	t.Helper()
	require.NoError(t, err)
}
