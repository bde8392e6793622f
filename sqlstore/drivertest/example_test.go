package drivertest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
	_ "modernc.org/sqlite"
)

// openUsers is in the README.
func openUsers(ctx context.Context) (*sqlstore.Store, error) {
	db, err := sql.Open("sqlite3", "file:users.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&modeof=users.db")
	if err != nil {
		return nil, err
	}
	store, err := sqlstore.New(db, sqlstore.SQLite, nil)
	if err != nil {
		return nil, err
	}
	return store, store.Migrate(ctx)
}

// It can be done again, as at the next start.
func TestOpenAsInTheReadme(t *testing.T) {
	t.Chdir(t.TempDir())
	for range 2 {
		store, err := openUsers(t.Context())
		require.NoError(t, err)
		require.NoError(t, store.Check(t.Context()))
	}
}

// newOutbox is in the README.
func newOutbox(db *sql.DB) (*sqlstore.Store, error) {
	return sqlstore.New(db, sqlstore.SQLite, &sqlstore.Options{
		OnPatch: func(ctx context.Context, tx *sql.Tx, change userstore.Change) error {
			names := change.Names() // such as [firstName address]; change has the records
			if len(names) == 0 {
				return nil // John was set to John
			}
			_, err := tx.ExecContext(ctx, "INSERT INTO outbox (user_id, changed) VALUES (?, ?)",
				change.After.ID.String(), strings.Join(names, " "))
			return err
		},
	})
}

// promote is in the README.
func promote(ctx context.Context, store *sqlstore.Store, id uuid.UUID) error {
	return store.Transact(ctx, func(ctx context.Context, tx *sql.Tx, users *sqlstore.Tx) error {
		user, err := users.GetForUpdate(ctx, id)
		if err != nil {
			return err
		}
		name, _ := user.Attributes.LastName.Get()
		if _, err := users.Patch(ctx, id, userstore.Attributes{LastName: userstore.Value(name + ", Ph.D.")}); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO degrees (user_id) VALUES (?)", id.String())
		return err
	})
}

// Each change of a user has a row in the host's outbox, and one of the host's own
// tables changes together with a user.
func Example_outbox() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", sqliteDSN(dir+"/users.db"))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	store, err := newOutbox(db)
	if err != nil {
		panic(err)
	}
	if err := store.Migrate(ctx); err != nil {
		panic(err)
	}
	if _, err := db.ExecContext(ctx, "CREATE TABLE outbox (user_id TEXT, changed TEXT); CREATE TABLE degrees (user_id TEXT)"); err != nil {
		panic(err)
	}
	john := userstore.ExampleUser()
	if _, err := store.Create(ctx, john); err != nil {
		panic(err)
	}

	for _, name := range []string{"Jane", "Jane"} {
		if _, err := store.Patch(ctx, john.ID, userstore.Attributes{FirstName: userstore.Value(name)}); err != nil {
			panic(err)
		}
	}
	if err := promote(ctx, store, john.ID); err != nil {
		panic(err)
	}

	var rows, last string
	if err := db.QueryRowContext(ctx, "SELECT count(*), max(changed) FROM outbox").Scan(&rows, &last); err != nil {
		panic(err)
	}
	user, err := store.Get(ctx, john.ID)
	if err != nil {
		panic(err)
	}
	name, _ := user.Attributes.LastName.Get()
	fmt.Println(rows, last, name)
	// Output: 2 lastName Smith, Ph.D.
}

// A host's own rows and a user change together, or not at all.
func Example_withTx() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", sqliteDSN(dir+"/users.db"))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	store, err := sqlstore.New(db, sqlstore.SQLite, nil)
	if err != nil {
		panic(err)
	}
	if err := store.Migrate(ctx); err != nil {
		panic(err)
	}
	jane := userstore.ExampleUser()
	if _, err := store.Create(ctx, jane); err != nil {
		panic(err)
	}

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		panic(err)
	}
	defer tx.Rollback() // does nothing after Commit
	if _, err := tx.ExecContext(ctx, "CREATE TABLE audit (what TEXT)"); err != nil {
		panic(err)
	}
	patch := userstore.Attributes{FirstName: userstore.Value("Jane")}
	if _, err := store.WithTx(tx).Patch(ctx, jane.ID, patch); err != nil {
		panic(err)
	}
	if err := tx.Commit(); err != nil {
		panic(err)
	}

	user, err := store.Get(ctx, jane.ID)
	if err != nil {
		panic(err)
	}
	fmt.Println(user.Attributes.FirstName.Get())
	// Output: Jane true
}
