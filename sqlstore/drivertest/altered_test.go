package drivertest

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
		var stop atomic.Bool
		var all sync.WaitGroup
		var calls [4]atomic.Int64
		for w, patch := range patches {
			all.Go(func() {
				for !stop.Load() {
					calls[w].Add(1)
					if got, err := store.Patch(t.Context(), user.ID, patch); err != nil || got.Attributes.Merge(patch) != got.Attributes {
						t.Errorf("Patch %d gave something else, or %v", w, err)
						return
					}
					if _, err := store.Get(t.Context(), user.ID); err != nil {
						t.Errorf("Get = %v", err)
						return
					}
				}
			})
		}
		for i := range 24 {
			if _, err := db.ExecContext(t.Context(), statements[i%len(statements)]); err != nil {
				t.Errorf("%s: %v", statements[i%len(statements)], err)
			}
			// Every writer meets every state of the table, twice: the first
			// call may have begun before.
			for w := range calls {
				waitFor(t, &calls[w], calls[w].Load()+2)
			}
		}
		stop.Store(true)
		all.Wait()
	})
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
