package drivertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// blocked patches the user n times at once, each in a place of its own as far as
// there are, and sends the errors.
func blocked(ctx context.Context, store userstore.Store, id uuid.UUID, n int) <-chan error {
	errs := make(chan error, n)
	for i := range n {
		go func() {
			_, err := store.Patch(ctx, id, values{scalars[i%len(scalars)]: fmt.Sprint("blocked ", i)}.attributes())
			errs <- err
		}()
	}
	return errs
}

// wantLocked receives n errors, and fails unless each is ErrConflict and they
// come far sooner than if each had waited after the others.
func wantLocked(t *testing.T, errs <-chan error, n int, patience time.Duration) {
	t.Helper()
	began := time.Now()
	for range n {
		if err := <-errs; !errors.Is(err, sqlstore.ErrConflict) {
			t.Errorf("got %v", err)
		}
	}
	if took := time.Since(began); took > time.Duration(n)*patience/2 {
		t.Errorf("%d callers with a patience of %v waited for %v", n, patience, took)
	}
}

// While another process holds SQLite's write lock, every caller waits for
// busy_timeout since its own arrival.
func TestSQLiteCallersWaitForTheirOwnPatience(t *testing.T) {
	t.Parallel()
	for _, d := range databases[:2] {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			const patience = 3 * time.Second
			p := d.place(t)
			p.dsn = strings.Replace(p.dsn, "busy_timeout(5000)", fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()), 1)
			store := d.migrated(t, p.open(t))
			user := fullUser()
			create(t, store, &user)

			release := lock(t, p)
			wantLocked(t, blocked(t.Context(), store, user.ID, 8), 8, patience)

			early := blocked(t.Context(), store, user.ID, 1)
			time.Sleep(patience * 5 / 6)
			late := blocked(t.Context(), store, user.ID, 8)
			wantLocked(t, early, 1, 2*patience)
			release()
			for range 8 {
				if err := <-late; err != nil {
					t.Errorf("who has waited less: %v", err)
				}
			}
		})
	}
}

// servers are the databases whose writes need a connection each.
var servers = databases[2:]

// lockRow locks the user's row over a pool of its own, as an administrator may.
func lockRow(t *testing.T, p place, id uuid.UUID) (release func()) {
	t.Helper()
	tx := begin(t, p.open(t))
	mustExecTx(t, tx, "SELECT id FROM users WHERE id = '"+id.String()+"' FOR UPDATE")
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
}

// While somebody's row is locked, 32 patches of it leave a pool of 8 to the
// others. All of them are applied when the row is free.
func TestLockedRowSparesOthers(t *testing.T) {
	t.Parallel()
	for _, d := range servers {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			p := d.place(t)
			db := p.open(t)
			db.SetMaxOpenConns(8)
			db.SetMaxIdleConns(8)
			store := d.migrated(t, db)
			victim, other := fullUser(), fullUser()
			create(t, store, &victim, &other)
			release := lockRow(t, p, victim.ID)
			ctx, cancel := context.WithTimeout(t.Context(), childPatience)
			defer cancel()
			errs := blocked(ctx, store, victim.ID, 32)
			time.Sleep(500 * time.Millisecond) // to take what they can get
			for db.Stats().InUse == 0 && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
			contendWith(t, store, other.ID)
			if n := db.Stats().InUse; n != 1 {
				t.Errorf("the locked row holds %d connections", n)
			}
			if len(errs) > 0 {
				t.Errorf("a patch of the locked row has ended: %v", <-errs)
			}
			release()
			for range 32 {
				if err := <-errs; err != nil {
					t.Error(err)
				}
			}
			for place, value := range valuesOf(mustGet(t, store, victim.ID).Attributes) {
				if !strings.HasPrefix(value, "blocked ") {
					t.Errorf("%s was not patched", place)
				}
			}
		})
	}
}

// contendWith lets 16 writers patch the user, and read it.
func contendWith(t *testing.T, store userstore.Store, id uuid.UUID) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var all sync.WaitGroup
	for w := range 16 {
		all.Go(func() {
			for n := range 10 {
				_, err := store.Patch(ctx, id, values{scalars[w%len(scalars)]: fmt.Sprint(n)}.attributes())
				if err == nil {
					_, err = store.Get(ctx, id)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// A server's lock timeout is the patience of each caller, and they do not add up.
func TestLockTimeoutIsEachCallers(t *testing.T) {
	t.Parallel()
	for _, d := range servers {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			p := d.place(t)
			user := fullUser()
			store := d.migrated(t, p.open(t))
			create(t, store, &user)
			defer lockRow(t, p, user.ID)()
			const patience = 2 * time.Second
			if p.driver == "pgx" {
				p.dsn = with("lock_timeout", "2000")(p.dsn)
			} else {
				p.dsn = withParams("innodb_lock_wait_timeout", "2")(p.dsn)
			}
			impatient := d.store(t, p.open(t))
			require.NoError(t, impatient.Check(t.Context()))
			wantLocked(t, blocked(t.Context(), impatient, user.ID, 16), 16, patience)
		})
	}
}
