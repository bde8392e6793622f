package drivertest

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A role that may select and update needs no more for Get and Patch.
func TestFewRights(t *testing.T) {
	t.Parallel()
	server := postgreSQL.Server(t)
	if server.External() {
		t.Skip("SKIPPED: roles are NOT TESTED on a server of somebody else")
	}
	created := server.NewDatabase(t)
	db := created.Open(t)
	store, user := databases[2].migrated(t, db), userstore.ExampleUser()
	create(t, store, &user)
	for _, statement := range []string{
		"CREATE ROLE few LOGIN PASSWORD 'few'",
		"GRANT SELECT, UPDATE ON users TO few",
	} {
		_, err := db.Exec(statement)
		require.NoError(t, err)
	}
	t.Cleanup(func() { db.Exec("DROP OWNED BY few; DROP ROLE few") })
	dsn, err := url.Parse(created.DSN)
	require.NoError(t, err)
	dsn.User = url.UserPassword("few", "few")
	created.DSN = dsn.String()
	few := databases[2].store(t, created.Open(t))
	wantUser(t, few, user)
	want, err := few.Patch(t.Context(), user.ID, firstName("Jane"))
	require.NoError(t, err)
	wantUser(t, store, want)
}

// A role that may not read PostgreSQL's catalog needs it for nothing.
func TestHiddenCatalog(t *testing.T) {
	t.Parallel()
	server := postgreSQL.Server(t)
	server.RequireOwn(t)
	created := server.NewDatabase(t)
	db := created.Open(t)
	databases[2].migrated(t, db)
	mustExec(t, db, "CREATE ROLE blind LOGIN PASSWORD 'blind'")
	t.Cleanup(func() { db.Exec("DROP OWNED BY blind; DROP ROLE blind") })
	mustExec(t, db, "GRANT SELECT, INSERT, UPDATE, DELETE ON users TO blind")
	mustExec(t, db, "REVOKE SELECT ON pg_class, pg_inherits FROM PUBLIC")
	dsn, err := url.Parse(created.DSN)
	require.NoError(t, err)
	dsn.User = url.UserPassword("blind", "blind")
	store, user := databases[2].store(t, place{created.Driver, dsn.String()}.open(t)), fullUser()
	require.NoError(t, store.Check(t.Context()))
	create(t, store, &user)
}

// Check sees that a role lacks a right that every write needs. The role can do
// without it where data loss is accepted.
func TestNoRightToSet(t *testing.T) {
	t.Parallel()
	server := ownServer(t, durablePostgreSQL)
	created := server.NewDatabase(t)
	db := created.Open(t)
	databases[2].migrated(t, db)
	t.Cleanup(func() { db.Exec("DROP OWNED BY bound; DROP ROLE bound") })
	for _, statement := range []string{
		"CREATE ROLE bound LOGIN PASSWORD 'bound'", "GRANT SELECT, INSERT, UPDATE, DELETE ON users TO bound",
		"REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM PUBLIC",
	} {
		mustExec(t, db, statement)
	}
	dsn, err := url.Parse(created.DSN)
	require.NoError(t, err)
	dsn.User = url.UserPassword("bound", "bound")
	role := place{created.Driver, dsn.String()}
	strict, err := sqlstore.New(role.open(t), sqlstore.PostgreSQL, nil)
	require.NoError(t, err)
	require.ErrorContains(t, strict.Check(t.Context()), "the right to execute set_config")
	user := fullUser()
	create(t, databases[2].store(t, role.open(t)), &user)
}

// A role's own setting is seen, whatever the server's is.
func TestRoleInAnotherEncoding(t *testing.T) {
	t.Parallel()
	server := postgreSQL.Server(t)
	if server.External() {
		t.Skip("SKIPPED: roles are NOT TESTED on a server of somebody else")
	}
	created := server.NewDatabase(t)
	db := created.Open(t)
	databases[2].migrated(t, db)
	for _, statement := range []string{
		"CREATE ROLE latin LOGIN PASSWORD 'latin'", "ALTER ROLE latin SET client_encoding = 'LATIN1'", "GRANT SELECT, UPDATE ON users, users_schema TO latin",
	} {
		mustExec(t, db, statement)
	}
	t.Cleanup(func() { db.Exec("DROP OWNED BY latin; DROP ROLE latin") })
	dsn, err := url.Parse(created.DSN)
	require.NoError(t, err)
	dsn.User = url.UserPassword("latin", "latin")
	for _, mode := range []string{"cache_statement", "exec", "simple_protocol"} {
		role := place{created.Driver, with("default_query_exec_mode", mode)(dsn.String())}
		wantRefused(t, databases[2].store(t, role.open(t)), "client_encoding must be UTF8")
	}
}

// A table of something else is not taken for ours, and one that was dropped comes
// back.
func TestMigrateFindsAnotherTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		_, err := db.Exec("CREATE TABLE users (name VARCHAR(20))")
		require.NoError(t, err)
		store, err := sqlstore.New(db, d.dialect, d.options())
		require.NoError(t, err)
		for range 2 {
			if err := store.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "a table users of something else") {
				t.Fatalf("Migrate = %v", err)
			}
		}
		for range 2 {
			_, err := db.Exec("DROP TABLE users")
			require.NoError(t, err)
			require.NoError(t, errors.Join(store.Migrate(t.Context()), store.Check(t.Context())))
		}
	})
}

// A long transaction of the host does not fill the server with statements.
func TestManyPatchesInOneTransaction(t *testing.T) {
	t.Parallel()
	d := databases[3]
	db := d.open(t)
	store := d.storeIn(t, db, userstore.ExampleUser())
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback()
	for i := range 50 {
		patch := userstore.Attributes{FirstName: userstore.Value(fmt.Sprint(i))}
		_, err := store.WithTx(tx).Patch(t.Context(), userstore.ExampleUser().ID, patch)
		require.NoError(t, err)
	}
	prepared, closed := countOf(t, tx, "Com_stmt_prepare"), countOf(t, tx, "Com_stmt_close")
	if prepared < 50 || prepared-closed > 40 {
		t.Errorf("%d statements were prepared, and %d of them closed", prepared, closed)
	}
}

// countOf returns a counter of the transaction's session. Prepared_stmt_count is
// one of the server, which other tests use at the same time.
func countOf(t *testing.T, tx *sql.Tx, counter string) (n int) {
	t.Helper()
	var name string
	require.NoError(t, tx.QueryRow("SHOW SESSION STATUS LIKE '"+counter+"'").Scan(&name, &n))
	return n
}
