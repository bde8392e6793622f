package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A host's table has more than the Store's columns: a number, a generated
// column, a trigger that keeps an audit, and a view that joins.
var hostParts = map[string][]string{
	"SQLite": {
		"ALTER TABLE users ADD COLUMN points INTEGER NOT NULL DEFAULT 7",
		"ALTER TABLE users ADD COLUMN full_name TEXT AS (first_name || ' ' || last_name)",
		"CREATE TRIGGER audited AFTER UPDATE ON users BEGIN INSERT INTO audit (id, was, now) VALUES (OLD.id, OLD.first_name, NEW.first_name); END",
	},
	"PostgreSQL": {
		"ALTER TABLE users ADD COLUMN points INTEGER NOT NULL DEFAULT 7",
		"ALTER TABLE users ADD COLUMN full_name TEXT GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED",
		`CREATE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (id, was, now) VALUES (OLD.id, OLD.first_name, NEW.first_name); RETURN NULL; END $$`,
		"CREATE TRIGGER audited AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION audited()",
	},
	"MariaDB": mySQLHostParts,
	"MySQL":   mySQLHostParts,
}

var mySQLHostParts = []string{
	"ALTER TABLE users ADD COLUMN points INTEGER NOT NULL DEFAULT 7 FIRST",
	"ALTER TABLE users ADD COLUMN full_name TEXT AS (concat(first_name, ' ', last_name)) STORED AFTER id",
	"CREATE TRIGGER audited AFTER UPDATE ON users FOR EACH ROW INSERT INTO audit (id, was, now) VALUES (OLD.id, OLD.first_name, NEW.first_name)",
}

// hosted returns a Store in such a table.
func (d database) hosted(t *testing.T, db *sql.DB) *sqlstore.Store {
	t.Helper()
	store := d.migrated(t, db)
	mustExec(t, db, "CREATE TABLE audit (id CHAR(36), was VARCHAR(100), now VARCHAR(100))")
	for _, statement := range hostParts[d.dialect.String()] {
		mustExec(t, db, statement)
	}
	mustExec(t, db, "CREATE VIEW named AS SELECT users.email, users.full_name, users.points, audit.was FROM users JOIN audit ON audit.now = users.first_name")
	return store
}

func TestHostTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		store := d.hosted(t, db)
		user := userstore.ExampleUser()
		create(t, store, &user)
		patch := values{"/firstName": "Joan", "/address/street": "Broadway"}.attributes()
		want := user
		want.Attributes = user.Attributes.Merge(patch)
		if got, err := store.Patch(t.Context(), user.ID, patch); err != nil || got != want {
			t.Errorf("got another user, or %v", err)
		}
		if got, err := store.Get(t.Context(), user.ID); err != nil || got != want {
			t.Errorf("got another user, or %v", err)
		}
		var got [4]string
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT * FROM named").Scan(&got[0], &got[1], &got[2], &got[3]))
		if diff := cmp.Diff([4]string{"user@example.com", "Joan Smith", "7", "John"}, got); diff != "" {
			t.Errorf("the view (-want +got):\n%s", diff)
		}
	})
}

// The Store takes part in a transaction of the host.
func TestHostTransaction(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		store := d.hosted(t, db)
		user := userstore.ExampleUser()
		create(t, store, &user)
		patch := values{"/lastName": "Miller"}.attributes()
		patched := user
		patched.Attributes = user.Attributes.Merge(patch)
		for _, end := range []struct {
			name string
			end  func(*sql.Tx) error
			want userstore.User
			rows int
		}{
			{"rollback", (*sql.Tx).Rollback, user, 0},
			{"commit", (*sql.Tx).Commit, patched, 2}, // ours and the trigger's
		} {
			tx := begin(t, db)
			mustExecTx(t, tx, "INSERT INTO audit (was) VALUES ('before')")
			if got, err := store.WithTx(tx).Patch(t.Context(), user.ID, patch); err != nil || got != patched {
				t.Errorf("%s: another user, or %v", end.name, err)
			}
			wantUser(t, store.WithTx(tx), patched)
			wantUser(t, store, user) // others see nothing of it yet
			require.NoError(t, end.end(tx))
			wantUser(t, store, end.want)
			if n := queryInt(t, db, "SELECT count(*) FROM audit"); n != end.rows {
				t.Errorf("%s: %d rows, want %d", end.name, n, end.rows)
			}
		}
	})
}

// Two transactions of a host that patch two users the other way round conflict:
// one is told so, and the other commits.
func TestHostTransactionConflict(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		if d.dialect.String() == "SQLite" {
			wantSnapshotConflict(t, d)
			return
		}
		db := d.open(t)
		store := d.hosted(t, db)
		one, two := userstore.ExampleUser(), fullUser()
		create(t, store, &one, &two)
		patch := values{"/firstName": "both"}.attributes()
		first, second := begin(t, db), begin(t, db)
		mustPatch(t, store.WithTx(first), one, patch)
		mustPatch(t, store.WithTx(second), two, patch)
		results := make(chan error)
		for tx, user := range map[*sql.Tx]userstore.User{first: two, second: one} {
			go func() {
				_, err := store.WithTx(tx).Patch(t.Context(), user.ID, patch)
				if err == nil {
					err = tx.Commit()
				} else {
					err = errors.Join(err, tx.Rollback())
				}
				results <- err
			}()
		}
		var failures []error
		for range 2 {
			if err := <-results; err != nil {
				failures = append(failures, err)
			}
		}
		if len(failures) != 1 || !errors.Is(failures[0], sqlstore.ErrConflict) {
			t.Errorf("failures: %v", failures)
		}
		one.Attributes, two.Attributes = one.Attributes.Merge(patch), two.Attributes.Merge(patch)
		wantUser(t, store, one)
		wantUser(t, store, two)
	})
}

// On SQLite a transaction that has read cannot write what another has written
// since.
func wantSnapshotConflict(t *testing.T, d database) {
	t.Helper()
	p := d.place(t)
	p.dsn += "&_txlock=deferred" // which is not the default of every driver
	db := p.open(t)
	store := d.hosted(t, db)
	user := userstore.ExampleUser()
	create(t, store, &user)
	tx := begin(t, db)
	wantUser(t, store.WithTx(tx), user)
	mustPatch(t, store, user, values{"/firstName": "other"}.attributes())
	_, err := store.WithTx(tx).Patch(t.Context(), user.ID, values{"/firstName": "mine"}.attributes())
	if !errors.Is(err, sqlstore.ErrConflict) {
		t.Errorf("got %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	user.Attributes = user.Attributes.Merge(values{"/firstName": "other"}.attributes())
	wantUser(t, store, user)
}

func begin(t *testing.T, db *sql.DB) *sql.Tx {
	t.Helper()
	tx, err := db.BeginTx(context.WithoutCancel(t.Context()), nil)
	require.NoError(t, err)
	t.Cleanup(func() { tx.Rollback() })
	return tx
}

func mustExecTx(t *testing.T, tx *sql.Tx, statement string) {
	t.Helper()
	_, err := tx.ExecContext(t.Context(), statement)
	require.NoError(t, err)
}

func mustPatch(t *testing.T, store userstore.Store, user userstore.User, patch userstore.Attributes) {
	t.Helper()
	_, err := store.Patch(t.Context(), user.ID, patch)
	require.NoError(t, err)
}

func queryInt(t testing.TB, db *sql.DB, query string) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), query).Scan(&n))
	return n
}
