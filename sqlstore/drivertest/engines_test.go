package drivertest

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver" // "sqlite3"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
	_ "modernc.org/sqlite" // "sqlite"
)

// The servers that all tests share but those that kill, stop or reconfigure one. The
// durable ones are for tests of what refuses the others.
var (
	manyClients       = engine.Setting("max_connections", "600")
	postgreSQL        = engine.Share(engine.StartPostgreSQL, engine.Fast, engine.Setting("synchronous_commit", "on"), manyClients)
	mariaDB           = engine.Share(engine.StartMariaDB, engine.Fast, manyClients)
	durablePostgreSQL = engine.Share(engine.StartPostgreSQL)
	durableMariaDB    = engine.Share(engine.StartMariaDB)
)

// TestMain lets eight tests run at the same time, on any number of cores: they wait
// for disks, locks and the starts of servers. A flag on the command line counts
// more. Files of SQLite are where servers keep theirs: but not for benchmarks, which
// measure the disk.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	if flag.Parse(); flag.Lookup("test.bench").Value.String() == "" {
		if err := os.Setenv("TMPDIR", engine.TempDir()); err != nil {
			panic(err)
		}
	}
	if crashing := os.Getenv(crashEnv); crashing != "" {
		os.Exit(patchUntilKilled(crashing))
	}
	status := m.Run()
	removeUserserver := func() error { return os.RemoveAll(userserver.dir) }
	for _, end := range []func() error{postgreSQL.Close, mariaDB.Close, durablePostgreSQL.Close, durableMariaDB.Close, removeUserserver} {
		if err := end(); err != nil {
			fmt.Fprintln(os.Stderr, "drivertest:", err)
			status = 1
		}
	}
	os.Exit(status)
}

// A database is an engine behind a driver.
type database struct {
	name    string
	dialect sqlstore.Dialect
	open    func(testing.TB) *sql.DB // an empty one
	fast    bool                     // keeps nothing on disk
}

// databases are all on which a Store is tested. MySQL's dialect runs on MariaDB.
var databases = []database{
	{"SQLite-modernc", sqlstore.SQLite, func(t testing.TB) *sql.DB { return openSQLite(t, "sqlite", newFile(t)) }, false},
	{"SQLite-ncruces", sqlstore.SQLite, func(t testing.TB) *sql.DB { return openSQLite(t, "sqlite3", newFile(t)) }, false},
	{"PostgreSQL", sqlstore.PostgreSQL, func(t testing.TB) *sql.DB { return openShared(t, postgreSQL) }, true},
	{"MariaDB", sqlstore.MariaDB, func(t testing.TB) *sql.DB { return openShared(t, mariaDB) }, true},
	{"MySQL", sqlstore.MySQL, func(t testing.TB) *sql.DB { return openShared(t, mariaDB) }, true},
}

func newFile(t testing.TB) string { return filepath.Join(t.TempDir(), "users.db") }

// sqliteDSN is right for both drivers.
func sqliteDSN(file string) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: file}).String() +
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)"
}

func openSQLite(t testing.TB, driver, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, sqliteDSN(file))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	return db
}

// maxConns of every pool: more than the goroutines that write at once in a
// benchmark.
const maxConns = 20

func openShared(t testing.TB, shared *engine.Shared) *sql.DB {
	t.Helper()
	db := shared.Server(t).NewDatabase(t).Open(t)
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	return db
}

// newStore returns a Store with the users in a new database.
func (d database) newStore(t testing.TB, users ...userstore.User) *sqlstore.Store {
	t.Helper()
	return d.storeIn(t, d.open(t), users...)
}

func (d database) options() *sqlstore.Options {
	return &sqlstore.Options{AcceptDataLoss: d.fast}
}

var tables atomic.Int64

// storeIn returns a Store with the users in a new table of the database.
func (d database) storeIn(t testing.TB, db *sql.DB, users ...userstore.User) *sqlstore.Store {
	t.Helper()
	store, err := d.create(t.Context(), db, fmt.Sprintf("users_%d", tables.Add(1)), users)
	require.NoError(t, err)
	return store
}

func (d database) create(ctx context.Context, db *sql.DB, table string, users []userstore.User) (*sqlstore.Store, error) {
	opts := d.options()
	opts.Table = table
	store, err := sqlstore.New(db, d.dialect, opts)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	if len(users) == 1 {
		_, err = store.Create(ctx, users[0])
	} else {
		err = createTogether(ctx, store, users)
	}
	return store, err
}

// onEach runs the test on every database, on several at the same time: a database
// mostly waits for the disk, or for its locks.
func onEach(t *testing.T, test func(*testing.T, database)) {
	t.Helper()
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			test(t, d)
		})
	}
}
