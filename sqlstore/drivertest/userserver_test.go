package drivertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// userserver is the program of the nested module, which has no server to be tested
// with. TestMain removes it.
var userserver struct {
	dir   string
	build sync.Once
	err   error
}

// buildUserserver builds the program for the first test that needs it.
func buildUserserver(t *testing.T) (path string) {
	t.Helper()
	userserver.build.Do(func() {
		if userserver.dir, userserver.err = os.MkdirTemp("", ""); userserver.err != nil {
			return
		}
		// Unlike go build, go run keeps what it links in the build cache.
		build := exec.Command("go", "run", "-ldflags=-s -w", "-buildvcs=false", "-exec=cp", ".", userserver.dir)
		build.Dir = filepath.Join("..", "..", "httphandler", "userserver")
		if out, err := build.CombinedOutput(); err != nil {
			userserver.err = fmt.Errorf("go run -exec=cp: %w\n%s", err, out)
		}
	})
	require.NoError(t, userserver.err)
	return filepath.Join(userserver.dir, "userserver")
}

// durableDatabases are on servers that userserver does not refuse.
func durableDatabases(t *testing.T) (postgres, maria engine.Database) {
	t.Helper()
	pg := ownServer(t, durablePostgreSQL) // a role is made there
	return pg.NewDatabase(t), durableMariaDB.Server(t).NewDatabase(t)
}

// runUserserver runs it until it ends, which one that serves does not.
func runUserserver(t *testing.T, program, source, stdin string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Env = []string{"DATABASE_URL=" + source}
	command.Stdin = strings.NewReader(stdin)
	out, err := command.CombinedOutput()
	return string(out), err
}

// Userserver refuses to start where it may not write, and says why.
func TestUserserverNeedsToWrite(t *testing.T) {
	t.Parallel()
	program := buildUserserver(t)
	pgDatabase, myDatabase := durableDatabases(t)
	databases[2].migrated(t, pgDatabase.Open(t))
	databases[3].migrated(t, myDatabase.Open(t))
	pgURL, err := url.Parse(pgDatabase.DSN)
	require.NoError(t, err)
	db := pgDatabase.Open(t)
	for _, statement := range []string{
		"CREATE ROLE reader LOGIN PASSWORD 'reader'", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
	} {
		mustExec(t, db, statement)
	}
	t.Cleanup(func() { db.Exec("DROP OWNED BY reader; DROP ROLE reader") })
	reader, readOnly := *pgURL, *pgURL
	reader.User = url.UserPassword("reader", "reader")
	query := readOnly.Query()
	query.Set("default_transaction_read_only", "on")
	readOnly.RawQuery = query.Encode()
	for name, test := range map[string]struct{ db, source, want string }{
		"no right":          {"postgres", reader.String(), "(SQLSTATE 42501): the user lacks a right"},
		"read-only":         {"postgres", readOnly.String(), "(SQLSTATE 25006): the server, or the session, is read-only"},
		"MariaDB read-only": {"mysql", withParams("tx_read_only", "1")(myDatabase.DSN), "(error 1792): the session is read-only"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := runUserserver(t, program, test.source, "", "-db", test.db, "-addr", "127.0.0.1:0")
			if err == nil || !strings.Contains(out, test.want) || strings.Contains(out, "Listening") {
				t.Errorf("it ended with %v and %q, want %q", err, out, test.want)
			}
		})
	}
}

// Userserver's import replaces a user in place.
func TestUserserverImportReplacesInPlace(t *testing.T) {
	t.Parallel()
	program := buildUserserver(t)
	postgres, maria := durableDatabases(t)
	for name, on := range map[string]struct {
		database
		engine.Database
	}{"postgres": {databases[2], postgres}, "mysql": {databases[3], maria}} {
		t.Run(name, func(t *testing.T) {
			d, db := on.database, on.Open(t)
			store := d.migrated(t, db)
			for _, statement := range append(orderParts, orderTables[d.dialect.String()]) {
				mustExec(t, db, statement)
			}
			user := userstore.ExampleUser()
			create(t, store, &user)
			mustExec(t, db, "INSERT INTO orders (user_id) SELECT id FROM users")
			mustExec(t, db, "UPDATE users SET points = 42")
			line := fmt.Sprintf(`{"id":"%s","attributes":{"lastName":"New"}}`, user.ID)
			out, err := runUserserver(t, program, on.DSN, line, "import", "-db", name, "-existing", "replace")
			if err != nil || !strings.HasPrefix(out, "imported 1 user in ") {
				t.Errorf("it ended with %v and %q", err, out)
			}
			user.Attributes = userstore.Attributes{LastName: userstore.Value("New")}
			wantUser(t, store, user)
			got := [2]int{queryInt(t, db, "SELECT count(*) FROM orders"), queryInt(t, db, "SELECT points FROM users")}
			if diff := cmp.Diff([2]int{1, 42}, got); diff != "" {
				t.Errorf("orders and points (-want +got):\n%s", diff)
			}
		})
	}
}
