package drivertest

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// Eight pools migrate an empty database at once, as processes do that start
// together. Doing it again changes nothing.
func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		p := d.place(t)
		var all sync.WaitGroup
		for range 8 {
			store := d.store(t, p.open(t))
			all.Go(func() {
				for range 2 {
					if err := store.Migrate(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		db := p.open(t)
		wantVersions(t, db, "1")
		wantUsable(t, d.store(t, db))
	})
}

// So do processes.
func TestMigrateByProcesses(t *testing.T) {
	t.Parallel()
	p := place{"sqlite", sqliteDSN(newFile(t))}
	children := make([]*exec.Cmd, 3)
	for i := range children {
		children[i] = exec.Command(os.Args[0])
		config := crashing{Driver: p.driver, DSN: p.dsn, Dialect: "SQLite", Migrate: true}
		children[i].Env = append(os.Environ(), crashEnv+"="+config.String())
		children[i].Stdout = t.Output()
		require.NoError(t, children[i].Start())
	}
	for _, child := range children {
		if err := child.Wait(); err != nil {
			t.Error(err)
		}
	}
	wantVersions(t, p.open(t), "1")
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		store := d.migrated(t, db)
		mustExec(t, db, "INSERT INTO users_schema (version) VALUES (2)")
		_, get := d.store(t, db).Get(t.Context(), userstore.ExampleUser().ID)
		for name, err := range map[string]error{"Migrate": store.Migrate(t.Context()), "Check": store.Check(t.Context()), "Get": get} {
			if err == nil || !strings.Contains(err.Error(), "version 2") || !strings.Contains(err.Error(), "newer program") {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantVersions(t, db, "1 2")
	})
}

// What a host runs with its own tool is accepted, and Migrate does no harm to
// it.
func TestMigrationsByHand(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		migrations, err := sqlstore.Migrations(d.dialect, nil)
		require.NoError(t, err)
		for _, m := range migrations {
			mustExec(t, db, m.SQL)
		}
		wantUsable(t, d.store(t, db))
		store := d.migrated(t, db)
		_, err = store.Get(t.Context(), userstore.ExampleUser().ID)
		require.NoError(t, err, "after Migrate")
	})
}

// wantUsable checks the database and creates the example user.
func wantUsable(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	require.NoError(t, store.Check(t.Context()))
	user := userstore.ExampleUser()
	_, err := store.Create(t.Context(), user)
	require.NoError(t, err)
	if got, err := store.Get(t.Context(), user.ID); err != nil || got != user {
		t.Errorf("got another user, or %v", err)
	}
}

func wantVersions(t *testing.T, db *sql.DB, want string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT version FROM users_schema ORDER BY version")
	require.NoError(t, err)
	defer rows.Close()
	var got []string
	for rows.Next() {
		var version int
		require.NoError(t, rows.Scan(&version))
		got = append(got, fmt.Sprint(version))
	}
	require.NoError(t, rows.Err())
	if text := strings.Join(got, " "); text != want {
		t.Errorf("versions %s, want %s", text, want)
	}
}
