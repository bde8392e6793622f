package drivertest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// While another process holds SQLite's write lock, readers go on, and writers
// wait for as long as their contexts let them.
func TestReadersDoNotWait(t *testing.T) {
	t.Parallel()
	for _, d := range []struct {
		database
		parameter string
	}{
		{databases[0], ""},
		{databases[0], "&_txlock=immediate"},
		{databases[1], ""}, // immediate too
		{databases[1], "&_txlock=deferred"},
	} {
		t.Run(d.name+d.parameter, func(t *testing.T) {
			p := d.place(t)
			p.dsn += d.parameter
			store := d.migrated(t, p.open(t))
			user := userstore.ExampleUser()
			create(t, store, &user)
			release := lock(t, p)
			const bound = time.Second // less than busy_timeout
			began := time.Now()
			wantUser(t, store, user)
			if took := time.Since(began); took > bound {
				t.Errorf("Get took %v", took)
			}
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() { wantDeadline(t, store, user) })
			}
			all.Wait()
			wantUser(t, store, user)
			release()
			wantUser(t, store, user)
			mustPatch(t, store, user, values{"/firstName": "after"}.attributes())
		})
	}
}

// lock takes the write lock over a pool of its own.
func lock(t *testing.T, p place) (release func()) {
	t.Helper()
	conn, err := p.open(t).Conn(t.Context())
	require.NoError(t, err)
	exec := func(statement string) {
		_, err := conn.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	exec("BEGIN IMMEDIATE")
	exec("UPDATE users SET first_name = 'uncommitted'")
	return func() { exec("ROLLBACK") }
}

// wantDeadline patches with a context that ends while it waits.
func wantDeadline(t *testing.T, store userstore.Store, user userstore.User) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := store.Patch(ctx, user.ID, values{"/firstName": "late"}.attributes())
	if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 3*time.Second {
		t.Errorf("Patch took %v: %v", took, err)
	}
}
