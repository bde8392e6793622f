package drivertest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

var galera = database{name: "Galera", dialect: sqlstore.MariaDB}

// TestGalera has one cluster, since its start takes long. No test takes longer: it is in the
// last of the files, whose parallel tests are among the first to run (which Go does not
// promise).
func TestGalera(t *testing.T) {
	t.Parallel()
	cluster := engine.Galera(t)
	nodes := cluster.NewDatabase(t)
	t.Run("flushed later", func(t *testing.T) { testGaleraFlushesLater(t, nodes[0]) })
	t.Run("writers at all nodes", func(t *testing.T) { testGaleraConflicts(t, nodes) })
	for range failovers(t) {
		t.Run("stop", func(t *testing.T) { failGalera(t, nodes, cluster.Stop) })
		rejoin(t, cluster)
		t.Run("kill", func(t *testing.T) { failGalera(t, nodes, cluster.Kill) })
		rejoin(t, cluster)
	}
	// It comes last, because a cluster may split again after it was split.
	t.Run("cut off", func(t *testing.T) {
		wantOutside(t, nodes[failGalera(t, nodes, func(i int) error { return cutOff(nodes[i]) })])
	})
}

// A node may flush later than it acknowledges, since the others have the patch.
func testGaleraFlushesLater(t *testing.T, node engine.Database) {
	db := node.Open(t)
	mustExec(t, db, "SET GLOBAL innodb_flush_log_at_trx_commit = 2")
	defer mustExec(t, db, "SET GLOBAL innodb_flush_log_at_trx_commit = 1")
	if err := galera.migrated(t, db).Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// Writers at all nodes conflict, and lose nothing; nor do transactions of a
// host.
func testGaleraConflicts(t *testing.T, nodes []engine.Database) {
	user := fullUser()
	var stores, hosts spread
	for _, node := range nodes {
		dsn := withParams("wsrep_sync_wait", "1")(node.DSN)
		store := galera.migrated(t, place{node.Driver, dsn}.open(t))
		stores = append(stores, store)
		// Preparing a statement in a transaction hides that it was aborted.
		interpolated := place{node.Driver, withParams("interpolateParams", "true")(dsn)}.open(t)
		hosts = append(hosts, inTx{store, interpolated})
	}
	for name, all := range map[string]spread{"the store's": stores, "a host's": hosts} {
		user.ID = uuid.New()
		create(t, stores[0].(*sqlstore.Store), &user)
		h := newHistory(valuesOf(user.Attributes))
		before := aborts(t, nodes)
		contendIn(t, all, user, h, 1, 20)
		for _, store := range stores {
			h.end(mustGet(t, store, user.ID))
		}
		report(t, h.lost())
		if n := aborts(t, nodes) - before; n == 0 {
			t.Error("there was no conflict")
		} else {
			t.Logf("%s transactions: %d conflicts", name, n)
		}
	}
}

// aborts is how many transactions of the nodes made way for one of another node.
func aborts(t *testing.T, nodes []engine.Database) (sum int) {
	t.Helper()
	for _, node := range nodes {
		sum += queryInt(t, node.Open(t), "SELECT sum(variable_value) FROM information_schema.global_status WHERE variable_name IN ('wsrep_local_bf_aborts', 'wsrep_local_cert_failures')")
	}
	return sum
}

// spread writes to any of the nodes, again after a conflict.
type spread []userstore.Store

func (s spread) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return s[rand.IntN(len(s))].Get(ctx, id)
}

func (s spread) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	for {
		user, err := s[rand.IntN(len(s))].Patch(ctx, id, patch)
		var refused *mysql.MySQLError // by a COMMIT
		if !errors.Is(err, sqlstore.ErrConflict) && (!errors.As(err, &refused) || refused.Number != 1213) {
			return user, err
		}
	}
}

// inTx patches in a transaction of a host.
type inTx struct {
	*sqlstore.Store
	db *sql.DB
}

func (s inTx) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return userstore.User{}, err
	}
	defer tx.Rollback()
	user, err := s.WithTx(tx).Patch(ctx, id, patch)
	if err != nil {
		return userstore.User{}, err
	}
	return user, tx.Commit()
}

// cutOff separates a node that goes on running from the others.
func cutOff(node engine.Database) error {
	db, err := sql.Open(node.Driver, node.DSN)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'")
	return err
}

// wantOutside checks that a node outside the primary component acknowledges
// nothing, and says that it is unavailable.
func wantOutside(t *testing.T, node engine.Database) {
	t.Helper()
	store := galera.store(t, node.Open(t))
	user := userstore.ExampleUser()
	_, get := store.Get(t.Context(), user.ID)
	_, patch := store.Patch(t.Context(), user.ID, user.Attributes)
	_, made := store.Create(t.Context(), user)
	for name, err := range map[string]error{"Get": get, "Patch": patch, "Create": made} {
		if !errors.Is(err, sqlstore.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// failGalera lets the node that is in use go away under load, and returns which
// that was.
func failGalera(t *testing.T, nodes []engine.Database, goAway func(int) error) (used int) {
	t.Helper()
	db := sql.OpenDB(sqlstore.Failover(connectors(t, nodes)...))
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	store := galera.storeIn(t, db)
	l := startLoad(t, store)
	l.await(t, 200)
	used = nodeInUse(t, db, nodes)
	began := time.Now()
	must(t, goAway(used))
	l.await(t, 200)
	l.stop()
	lost := l.lost(t, store)
	t.Logf("node %d: %s", used, l.summary(began, lost))
	if len(lost) > 0 {
		t.Errorf("%d acknowledged patches are lost", len(lost))
	}
	return used
}

func connectors(t *testing.T, nodes []engine.Database) (all []driver.Connector) {
	t.Helper()
	for _, node := range nodes {
		config, err := mysql.ParseDSN(node.DSN)
		require.NoError(t, err)
		config.Timeout = 2 * time.Second
		connector, err := mysql.NewConnector(config)
		require.NoError(t, err)
		all = append(all, connector)
	}
	return all
}

// nodeInUse tells a node by its port.
func nodeInUse(t *testing.T, db *sql.DB, nodes []engine.Database) int {
	t.Helper()
	var port string
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT concat('127.0.0.1:', @@port)").Scan(&port))
	return slices.IndexFunc(nodes, func(node engine.Database) bool {
		config, err := mysql.ParseDSN(node.DSN)
		return err == nil && config.Addr == port
	})
}

// rejoin brings back the nodes that do not run.
func rejoin(t *testing.T, cluster *engine.Cluster) {
	t.Helper()
	began := time.Now()
	for i := range 3 {
		if _, err := cluster.Size(i); err != nil {
			must(t, cluster.Rejoin(i))
		}
	}
	must(t, cluster.WaitSize(3))
	t.Logf("three nodes again after %v", time.Since(began).Round(time.Millisecond))
}
