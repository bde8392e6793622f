package drivertest

import (
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// A pooler is a database behind a PgBouncer.
type pooler struct{ dsn string }

func poolerBefore(t *testing.T, server *engine.Server, created engine.Database, settings ...engine.Option) pooler {
	t.Helper()
	return pooler{engine.PgBouncerBefore(t, server, settings...).Through(t, created).DSN}
}

// open opens the database in a query mode of pgx.
func (p pooler) open(t *testing.T, mode string) *sql.DB {
	t.Helper()
	return place{"pgx", with("default_query_exec_mode", mode)(p.dsn)}.open(t)
}

// A patch that waited too long for a connection was never sent: the store knows
// that nothing was applied.
func TestPoolerIsBusy(t *testing.T) {
	t.Parallel()
	server := postgreSQL.Server(t)
	created := server.NewDatabase(t)
	id := userstore.ExampleUser().ID
	direct := databases[2].migrated(t, created.Open(t))
	create(t, direct, new(userstore.ExampleUser()))
	p := poolerBefore(t, server, created, engine.Setting("default_pool_size", "1"), engine.Setting("query_wait_timeout", "1"))
	store := p.store(t, "exec")
	_, err := store.Patch(t.Context(), id, firstName("before"))
	require.NoError(t, err)
	tx, err := p.open(t, "exec").BeginTx(t.Context(), nil) // takes the only connection
	require.NoError(t, err)
	defer tx.Rollback()
	mustExecTx(t, tx, "SELECT 1")
	_, err = store.Patch(t.Context(), id, firstName("refused"))
	if !errors.Is(err, sqlstore.ErrUnavailable) || errors.Is(err, sqlstore.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "(SQLSTATE 08P01)") {
		t.Errorf("Patch = %v", err)
	}
	if got, err := direct.Get(t.Context(), id); err != nil || got.Attributes.FirstName != userstore.Value("before") {
		t.Errorf("a refused patch was applied, or %v", err)
	}
}

// While the server is away, nothing is sent that PgBouncer could lose.
func TestPoolerWithoutItsServer(t *testing.T) {
	t.Parallel()
	server := engine.PostgreSQL(t, engine.Fast, engine.Setting("synchronous_commit", "on"))
	server.RequireOwn(t)
	created := server.NewDatabase(t)
	create(t, databases[2].migrated(t, created.Open(t)), new(userstore.ExampleUser()))
	p := poolerBefore(t, server, created, engine.Setting("server_login_retry", "1"), engine.Setting("query_wait_timeout", "1"))
	stores := make([]*sqlstore.Store, 2)
	for i := range stores {
		stores[i] = p.store(t, "exec")
		_, err := stores[i].Patch(t.Context(), userstore.ExampleUser().ID, firstName("before"))
		require.NoError(t, err)
	}
	require.NoError(t, server.Stop())
	for _, store := range stores {
		_, err := store.Patch(t.Context(), userstore.ExampleUser().ID, firstName("refused"))
		if !errors.Is(err, sqlstore.ErrUnavailable) || errors.Is(err, sqlstore.ErrOutcomeUnknown) {
			t.Errorf("Patch = %v", err)
		}
	}
}

// A statement that PgBouncer ended while it ran may have been carried out.
func TestPoolerQueryTimeout(t *testing.T) {
	t.Parallel()
	server := postgreSQL.Server(t)
	created := server.NewDatabase(t)
	id := userstore.ExampleUser().ID
	direct := created.Open(t)
	create(t, databases[2].migrated(t, direct), new(userstore.ExampleUser()))
	store := databases[2].store(t, poolerBefore(t, server, created, engine.Setting("query_timeout", "1")).open(t, "exec"))
	require.NoError(t, store.Check(t.Context()))
	tx, err := direct.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback()
	mustExecTx(t, tx, "SELECT * FROM users FOR UPDATE")
	_, err = store.Patch(t.Context(), id, firstName("ended"))
	require.ErrorIs(t, err, sqlstore.ErrOutcomeUnknown, "Patch")
}

// pgx's default mode does not work behind a pooler, and the error says which do.
func TestPoolerCrossesStatements(t *testing.T) {
	t.Parallel()
	server := postgreSQL.Server(t)
	created := server.NewDatabase(t)
	create(t, databases[2].migrated(t, created.Open(t)), new(userstore.ExampleUser()))
	p := poolerBefore(t, server, created, engine.Setting("default_pool_size", "2"))
	var all sync.WaitGroup
	var mu sync.Mutex
	crossed := 0
	for range 4 {
		store := p.store(t, "cache_statement")
		all.Go(func() {
			for range 50 {
				_, err := store.Patch(t.Context(), userstore.ExampleUser().ID, firstName("x"))
				if err == nil || !(strings.Contains(err.Error(), "42P05") || strings.Contains(err.Error(), "26000")) {
					continue
				}
				mu.Lock()
				crossed++
				mu.Unlock()
				if !strings.Contains(err.Error(), "set pgx's default_query_exec_mode to exec, cache_describe or simple_protocol") || errors.Is(err, sqlstore.ErrOutcomeUnknown) {
					t.Errorf("Patch = %v", err)
				}
			}
		})
	}
	all.Wait()
	if crossed == 0 {
		t.Error("no statement met another connection's")
	}
}

// store returns a Store behind the pooler that tries nothing again.
func (p pooler) store(t *testing.T, mode string) *sqlstore.Store {
	t.Helper()
	store, err := sqlstore.New(p.open(t, mode), sqlstore.PostgreSQL, &sqlstore.Options{MaxRetries: -1, AcceptDataLoss: true})
	require.NoError(t, err)
	return store
}

func firstName(name string) userstore.Attributes {
	return userstore.Attributes{FirstName: userstore.Value(name)}
}
