package drivertest

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
)

// crashes is how often each engine's test kills, or a part of it: USERRECORD_CRASHES, or a
// number that fits into every run of the tests.
func crashes(t *testing.T) int {
	t.Helper()
	return times(t, "USERRECORD_CRASHES", 20)
}

// times is how often to do something: what the variable says, if it is set.
func times(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text, set := os.LookupEnv(variable)
	if !set {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatal(variable + " is not a number")
	}
	return n
}

// A process that patches is killed at any moment. Both drivers take turns on one
// file, so that each finds what the other left behind.
func TestCrashOfProcess(t *testing.T) {
	t.Parallel()
	s := newScene(t, crashing{Driver: "sqlite", DSN: sqliteDSN(newFile(t)), Dialect: "SQLite"})
	for round := range crashes(t) {
		s.Driver = []string{"sqlite", "sqlite3"}[round%2]
		s.killChild(t)
	}
	s.report(t)
}

// otherSessions asks a server for the number of sessions in the database but this one.
var otherSessions = map[sqlstore.Dialect]string{
	sqlstore.PostgreSQL: "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
	sqlstore.MariaDB:    "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND id <> connection_id()",
}

// The process and the server that it writes to are killed in turns. A server takes longer to
// start than a process, so there are half as many kills.
func TestCrashOfServer(t *testing.T) {
	t.Parallel()
	for _, server := range []struct {
		start   func(testing.TB, ...engine.Option) *engine.Server
		dialect sqlstore.Dialect
	}{
		{engine.PostgreSQL, sqlstore.PostgreSQL},
		{engine.MariaDB, sqlstore.MariaDB},
	} {
		t.Run(server.dialect.String(), func(t *testing.T) {
			t.Parallel()
			running := server.start(t)
			running.RequireOwn(t)
			db := running.NewDatabase(t)
			s := newScene(t, crashing{Driver: db.Driver, DSN: db.DSN, Dialect: server.dialect.String()})
			s.db.SetMaxOpenConns(1)
			s.others = otherSessions[server.dialect]
			for round := range crashes(t)/2 + 1 {
				if round%2 == 0 {
					s.killServer(t, running)
				} else {
					s.killChild(t)
				}
			}
			s.report(t)
		})
	}
}

// Stores that do what must not be done are seen.
func TestCrashFindsBrokenStores(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{earlyStore, tornStore} {
		t.Run(broken, func(t *testing.T) {
			s := newScene(t, crashing{Driver: "sqlite", DSN: sqliteDSN(newFile(t)), Dialect: "SQLite", Broken: broken})
			s.mustFail(t, 10)
		})
	}
}

// mustFail kills the child until a fault is seen, at most so often.
func (s *scene) mustFail(t *testing.T, most int) {
	t.Helper()
	for n := 0; n < most && len(s.faults) == 0; n++ {
		s.killChild(t)
	}
	if len(s.faults) == 0 {
		t.Fatal("nothing is seen")
	}
	t.Log(s.faults[0])
}

// A scene is a database in which a child process patches, and what is known of
// it.
type scene struct {
	crashing
	db      *sql.DB
	store   *sqlstore.Store
	others  string // asks the server for the number of other sessions
	acked   counts
	patches int // acknowledged
	kills   int
	child   *child // or nil
	faults  []string
}

func newScene(t *testing.T, c crashing) *scene {
	t.Helper()
	db, err := sql.Open(c.Driver, c.DSN)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	store, err := c.store(db)
	require.NoError(t, err)
	require.NoError(t, store.Migrate(t.Context()))
	if c.Outbox != "" {
		mustExec(t, db, createOutbox)
	}
	for _, id := range victims {
		user := fullUser()
		user.ID, user.Attributes = id, everywhere("0").attributes()
		_, err := store.Create(t.Context(), user)
		require.NoError(t, err)
	}
	s := &scene{crashing: c, db: db, store: store}
	t.Cleanup(func() {
		if s.child != nil {
			s.child.kill()
		}
	})
	return s
}

// killChild kills the child, which is started where there is none.
func (s *scene) killChild(t *testing.T) {
	t.Helper()
	s.letPatch(t)
	s.child.kill()
	s.awaitSilence(t)
	s.verify(t)
	s.child = nil
}

// awaitSilence returns when no session of a killed child is at its last
// statement any more.
func (s *scene) awaitSilence(t *testing.T) {
	t.Helper()
	if s.others == "" {
		return
	}
	n := 1
	for deadline := time.Now().Add(childPatience); n > 0; time.Sleep(5 * time.Millisecond) {
		require.NoError(t, s.db.QueryRowContext(t.Context(), s.others).Scan(&n))
		if time.Now().After(deadline) {
			t.Fatalf("%d sessions of a killed process go on", n)
		}
	}
}

// killServer kills the server and lets the child go on with the next one, over
// the same pool of connections.
func (s *scene) killServer(t *testing.T, server *engine.Server) {
	t.Helper()
	s.letPatch(t)
	s.child.awaitPatch(t)
	require.NoError(t, server.Kill())
	s.child.stop(t)
	require.NoError(t, server.Start())
	s.verify(t)
	s.child.proceed(t)
}

// letPatch lets the child patch for a random time.
func (s *scene) letPatch(t *testing.T) {
	t.Helper()
	if s.child == nil {
		s.child = start(t, s.crashing)
	}
	if rand.IntN(4) > 0 { // otherwise it may be opening the database
		s.child.awaitPatch(t)
	}
	time.Sleep(rand.N(50 * time.Millisecond))
}

// verify compares what is stored with what was acknowledged.
func (s *scene) verify(t *testing.T) {
	t.Helper()
	s.kills++
	acked, patches, trouble := s.child.take()
	s.patches += patches
	s.faults = append(s.faults, trouble...)
	stored, torn := s.stored(t)
	s.faults = append(s.faults, torn...)
	for w, n := range stored {
		// One more was under way.
		if least := max(acked[w], s.acked[w]); n < least || n > least+1 {
			s.faults = append(s.faults, fmt.Sprintf("writer %d: %d is stored, %d was acknowledged", w, n, least))
		}
	}
	s.acked = stored
	if s.Outbox != "" {
		s.verifyOutbox(t, stored)
	}
}

// stored returns the numbers that are stored.
func (s *scene) stored(t *testing.T) (stored counts, torn []string) {
	t.Helper()
	stored, torn, err := readCounts(t.Context(), s.store)
	require.NoError(t, err)
	return stored, torn
}

func (s *scene) report(t *testing.T) {
	t.Helper()
	t.Logf("%d kills, %d patches acknowledged, %d faults", s.kills, s.patches, len(s.faults))
	report(t, s.faults)
	if s.patches < s.kills/2 { // three kills of four wait for a patch
		t.Error("too few patches to show anything")
	}
}
