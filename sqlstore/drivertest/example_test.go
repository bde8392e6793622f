package drivertest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"testing"

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
