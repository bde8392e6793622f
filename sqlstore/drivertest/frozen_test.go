package drivertest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// grace is what a call may take beyond its context, with a good deal for a slow
// machine. Without a bound a call on a frozen server does not end at all.
const grace = 10 * time.Second

// storeCalls are all that the Store does.
var storeCalls = map[string]func(context.Context, *sqlstore.Store, uuid.UUID) error{
	"Get": func(ctx context.Context, s *sqlstore.Store, id uuid.UUID) error { _, err := s.Get(ctx, id); return err },
	"Patch": func(ctx context.Context, s *sqlstore.Store, id uuid.UUID) error {
		_, err := s.Patch(ctx, id, values{"/firstName": "frozen"}.attributes())
		return err
	},
	"Create": func(ctx context.Context, s *sqlstore.Store, _ uuid.UUID) error {
		_, err := s.Create(ctx, userstore.User{ID: uuid.New()})
		return err
	},
	"Delete": func(ctx context.Context, s *sqlstore.Store, id uuid.UUID) error { return s.Delete(ctx, id) },
	"All": func(ctx context.Context, s *sqlstore.Store, _ uuid.UUID) error {
		for _, err := range s.All(ctx) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"Check": func(ctx context.Context, s *sqlstore.Store, _ uuid.UUID) error { return s.Check(ctx) },
}

// wantEnd fails unless the call ends with its context, of a second, or soon after.
func wantEnd(t *testing.T, name string, store *sqlstore.Store, id uuid.UUID) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	ended := make(chan error, 1)
	began := time.Now()
	go func() { ended <- storeCalls[name](ctx, store, id) }()
	select {
	case err := <-ended:
		t.Logf("%s: %v, after %v", name, err, time.Since(began).Round(10*time.Millisecond))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	case <-time.After(time.Second + grace):
		t.Errorf("%s has not ended", name)
	}
}

// Every call ends soon after its context, also where the server gives no answer:
// on connections from before and on new ones.
func TestFrozenServer(t *testing.T) {
	t.Parallel()
	for _, d := range []struct {
		database
		start   func(testing.TB, ...engine.Option) *engine.Server
		setting engine.Option
	}{
		{databases[2], engine.PostgreSQL, engine.Setting("synchronous_commit", "on")},
		{databases[3], engine.MariaDB, engine.Setting("innodb_flush_log_at_trx_commit", "1")},
	} {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			server := d.start(t, engine.Fast, d.setting)
			place := server.NewDatabase(t)
			first, user := d.migrated(t, place.Open(t)), fullUser()
			create(t, first, &user)
			fresh := d.store(t, place.Open(t))
			used := make(map[string]*sqlstore.Store) // each with a connection
			for name := range storeCalls {
				used[name] = d.store(t, place.Open(t))
				mustPatch(t, used[name], user, values{"/firstName": "before"}.attributes())
			}
			thaw := server.Freeze(t)
			var all sync.WaitGroup
			for name, store := range used {
				all.Go(func() { wantEnd(t, name, store, user.ID) })
				all.Go(func() { wantEnd(t, name, fresh, user.ID) })
			}
			all.Wait()
			thaw()
			for _, store := range append(slices.Collect(maps.Values(used)), fresh) {
				if err := store.Check(t.Context()); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			}
		})
	}
}

// A COMMIT that hangs keeps nobody: the caller learns that the outcome is unknown.
func TestCommitHangs(t *testing.T) {
	t.Parallel()
	server := engine.MariaDB(t, engine.Fast) // all its commits hang
	for _, d := range databases[3:] {
		t.Run(d.name, func(t *testing.T) {
			created := server.NewDatabase(t)
			store := d.migrated(t, created.Open(t))
			user := fullUser()
			create(t, store, &user)
			admin, err := created.Open(t).Conn(t.Context())
			require.NoError(t, err)
			stage := func(name string) {
				_, err := admin.ExecContext(context.WithoutCancel(t.Context()), "BACKUP STAGE "+name)
				require.NoError(t, err)
			}
			for _, name := range []string{"START", "FLUSH", "BLOCK_DDL", "BLOCK_COMMIT"} {
				stage(name)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			ended := make(chan error, 1)
			go func() { ended <- storeCalls["Patch"](ctx, store, user.ID) }()
			select {
			case err := <-ended:
				if !errors.Is(err, sqlstore.ErrOutcomeUnknown) {
					t.Errorf("got %v", err)
				}
			case <-time.After(time.Second + grace):
				t.Error("Patch has not ended")
			}
			stage("END")
			mustPatch(t, store, user, values{"/firstName": "after"}.attributes())
		})
	}
}
