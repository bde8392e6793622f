package drivertest

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// alterations keep what the columns hold.
var alterations = map[string][]string{
	"PostgreSQL": {"ALTER TABLE users ALTER first_name TYPE varchar(500)", "ALTER TABLE users ALTER first_name TYPE text", "ALTER TABLE users ADD note text", "ALTER TABLE users DROP note"},
	"MariaDB":    {"ALTER TABLE users MODIFY first_name VARCHAR(500)", "ALTER TABLE users MODIFY first_name TEXT", "ALTER TABLE users ADD note TEXT", "ALTER TABLE users DROP note"},
	"SQLite":     {"ALTER TABLE users ADD note TEXT", "ALTER TABLE users DROP note", "CREATE INDEX by_name ON users (first_name)", "DROP INDEX by_name"},
}

// A host may alter the table under load: no patch and no read fails, with any
// statement that was prepared before.
func TestAlteredUnderLoad(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		statements := alterations[d.dialect.String()]
		if statements == nil {
			return
		}
		db := d.place(t).open(t)
		store := d.migrated(t, db)
		user := userstore.ExampleUser()
		create(t, store, &user)
		patches := []userstore.Attributes{firstName("a"), firstName("b"), decodedPatch(t, `{"lastName": "c"}`), decodedPatch(t, `{"email": "d@example.org", "firstName": "e"}`)}
		for i := range 24 {
			statement := statements[i%len(statements)]
			whilePatched(t, store, user.ID, patches, func() {
				if _, err := db.ExecContext(t.Context(), statement); err != nil {
					t.Errorf("%s: %v", statement, err)
				}
			})
		}
	})
}

// whilePatched alters the table while a writer of each patch uses it. Every writer then
// meets the new state twice.
func whilePatched(t *testing.T, store *sqlstore.Store, id uuid.UUID, patches []userstore.Attributes, alter func()) {
	t.Helper()
	var altered atomic.Bool
	var writers sync.WaitGroup
	for w, patch := range patches {
		writers.Go(func() {
			for met := 0; met < 2 && !t.Failed(); {
				if altered.Load() {
					met++
				}
				if got, err := store.Patch(t.Context(), id, patch); err != nil || got.Attributes.Merge(patch) != got.Attributes {
					t.Errorf("Patch %d gave something else, or %v", w, err)
				}
				if _, err := store.Get(t.Context(), id); err != nil {
					t.Errorf("Get = %v", err)
				}
			}
		})
	}
	alter()
	altered.Store(true)
	writers.Wait()
}

// waitFor waits until n is as high, or the test has failed.
func waitFor(t *testing.T, n *atomic.Int64, least int64) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); n.Load() < least && !t.Failed(); {
		if time.Now().After(deadline) {
			t.Fatal("the writers stand still")
		}
		time.Sleep(time.Millisecond)
	}
}

// A value for which the driver knows no form in the column of a host is a failure
// and no outage: it is not sent, and the connection is kept.
func TestUnfitColumn(t *testing.T) {
	t.Parallel()
	d := databases[2]
	db := d.place(t).open(t)
	db.SetMaxOpenConns(1)
	store := d.migrated(t, db)
	user := userstore.ExampleUser()
	create(t, store, &user)
	mustExec(t, db, "ALTER TABLE users ALTER house_no_is_number DROP DEFAULT, ALTER house_no_is_number TYPE integer USING house_no_is_number::integer")
	before := queryInt(t, db, "SELECT pg_backend_pid()")
	_, err := store.Patch(t.Context(), user.ID, decodedPatch(t, `{"address": {"houseNo": 271}}`))
	if err == nil || strings.Contains(err.Error(), "271") || !strings.Contains(err.Error(), "an error of the driver without a code") {
		t.Errorf("Patch = %v", err)
	}
	for _, class := range []error{sqlstore.ErrUnavailable, sqlstore.ErrOutcomeUnknown, sqlstore.ErrConflict, userstore.ErrInvalid} {
		if errors.Is(err, class) {
			t.Errorf("Patch = %v", err)
		}
	}
	if after := queryInt(t, db, "SELECT pg_backend_pid()"); after != before {
		t.Error("the connection was given up")
	}
	wantUser(t, store, user)
}
