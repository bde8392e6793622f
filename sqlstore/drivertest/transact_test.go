package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A host has a table of its own, with a row for each change of a user.
const createOutbox = "CREATE TABLE outbox (id CHAR(36) NOT NULL, what VARCHAR(200) NOT NULL)"

// addToOutbox is the hook of such a host.
func addToOutbox(ctx context.Context, tx *sql.Tx, change userstore.Change) error {
	names := change.Names()
	if len(names) == 0 {
		return nil
	}
	// Without arguments, so that one text fits all engines.
	_, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO outbox (id, what) VALUES ('%s', '%s')", change.After.ID, strings.Join(names, " ")))
	return err
}

// transacting is a host's own Store.
type transacting struct{ *sqlstore.Store }

func (s transacting) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (after userstore.User, err error) {
	err = s.Transact(ctx, func(ctx context.Context, tx *sql.Tx, users *sqlstore.Tx) error {
		before, err := users.GetForUpdate(ctx, id)
		if err != nil {
			return err
		}
		if after, err = users.Patch(ctx, id, patch); err != nil {
			return err
		}
		return addToOutbox(ctx, tx, userstore.Change{Before: before, After: after})
	})
	return after, err
}

// serializable makes the strictest isolation level the default of the connections.
func (p place) serializable(d database) place {
	switch d.dialect {
	case sqlstore.PostgreSQL:
		p.dsn = with("default_transaction_isolation", "serializable")(p.dsn)
	case sqlstore.MySQL, sqlstore.MariaDB:
		p.dsn = withParams("tx_isolation", "'SERIALIZABLE'")(p.dsn)
	}
	return p
}

// Where everybody conflicts with everybody, every patch succeeds, with its row.
func TestOutboxUnderContention(t *testing.T) {
	t.Parallel()
	const patches = 64
	for name, newStore := range map[string]func(*testing.T, database, *sql.DB) userstore.Store{
		"OnPatch": func(t *testing.T, d database, db *sql.DB) userstore.Store {
			return d.withHook(t, db, addToOutbox)
		},
		"Transact": func(t *testing.T, d database, db *sql.DB) userstore.Store {
			return transacting{d.withHook(t, db, nil)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, d database) {
				db := d.place(t).serializable(d).open(t)
				mustExec(t, db, createOutbox)
				store := newStore(t, d, db)
				var changes atomic.Int64
				handler := httphandler.New(store, httphandler.InsecureAllowEveryone(), &httphandler.Options{
					StoreTimeout: -1,
					AfterCommit: func(_ context.Context, _ uuid.UUID, names []string) error {
						if len(names) == 1 && names[0] == "firstName" {
							changes.Add(1)
						}
						return nil
					},
				})
				var all sync.WaitGroup
				for n := range patches {
					all.Go(func() {
						answer := httptest.NewRecorder()
						handler.ServeHTTP(answer, patchRequest(userstore.ExampleUser().ID, fmt.Sprintf(`{"lastName":"Smith","firstName":"%d"}`, n)))
						if answer.Code != 200 {
							t.Errorf("status %d", answer.Code)
						}
					})
				}
				all.Wait()
				if rows := queryInt(t, db, "SELECT count(*) FROM outbox WHERE what = 'firstName'"); rows != patches || changes.Load() != patches {
					t.Errorf("%d rows in the outbox, %d changes, want %d", rows, changes.Load(), patches)
				}
			})
		})
	}
}

// withHook returns a Store with the example user.
func (d database) withHook(t *testing.T, db *sql.DB, hook func(context.Context, *sql.Tx, userstore.Change) error) *sqlstore.Store {
	t.Helper()
	opts := d.options()
	opts.OnPatch = hook
	store, err := sqlstore.New(db, d.dialect, opts)
	require.NoError(t, err)
	require.NoError(t, store.Migrate(t.Context()))
	user := userstore.ExampleUser()
	create(t, store, &user)
	return store
}

// The host's rows and the user change together, or not at all.
func TestTransact(t *testing.T) {
	t.Parallel()
	own := errors.New("the host's own")
	patch := values{"/firstName": "Joan"}.attributes()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		mustExec(t, db, createOutbox)
		store := d.withHook(t, db, addToOutbox)
		user := userstore.ExampleUser()
		rename := func(ctx context.Context, users *sqlstore.Tx) error {
			_, err := users.Patch(ctx, user.ID, patch)
			return err
		}
		for name, tt := range map[string]struct {
			do   sqlstore.TransactFunc
			want error
		}{
			"its own error": {func(ctx context.Context, _ *sql.Tx, users *sqlstore.Tx) error {
				return errors.Join(rename(ctx, users), own)
			}, own},
			"a panic": {func(ctx context.Context, _ *sql.Tx, users *sqlstore.Tx) error {
				panic(errors.Join(rename(ctx, users), own))
			}, own},
			"its own constraint": {func(ctx context.Context, tx *sql.Tx, users *sqlstore.Tx) error {
				if err := rename(ctx, users); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, "INSERT INTO outbox (id, what) VALUES ('x', NULL)")
				return errors.Join(err, own)
			}, own},
		} {
			if err := transactRecovering(t.Context(), store, tt.do); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v", name, err)
			}
			wantUser(t, store, user)
			if n := queryInt(t, db, "SELECT count(*) FROM outbox"); n != 0 {
				t.Errorf("%s: %d rows", name, n)
			}
		}
		require.NoError(t, store.Transact(t.Context(), func(ctx context.Context, _ *sql.Tx, users *sqlstore.Tx) error { return rename(ctx, users) }))
		user.Attributes = user.Attributes.Merge(patch)
		wantUser(t, store, user)
		if n := queryInt(t, db, "SELECT count(*) FROM outbox"); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

func transactRecovering(ctx context.Context, store *sqlstore.Store, do sqlstore.TransactFunc) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = v.(error)
		}
	}()
	return store.Transact(ctx, do)
}

// A transaction may read before it writes, without a conflict that a retry would have to
// mend: on SQLite it has the write lock from its beginning.
func TestTransactReadsFirst(t *testing.T) {
	t.Parallel()
	for _, d := range databases[:2] {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			p := d.place(t)
			p.dsn += "&_txlock=deferred" // which is not the default of every driver
			db := p.open(t)
			store, user := d.withHook(t, db, nil), userstore.ExampleUser()
			other := make(chan error, 1)
			calls := 0
			err := store.Transact(t.Context(), func(ctx context.Context, _ *sql.Tx, users *sqlstore.Tx) error {
				calls++
				wantUser(t, users, user)
				go func() {
					_, err := store.Patch(context.WithoutCancel(ctx), user.ID, values{"/lastName": "Other"}.attributes())
					other <- err
				}()
				_, err := users.Patch(ctx, user.ID, values{"/firstName": "Joan"}.attributes())
				return err
			})
			if err = errors.Join(err, <-other); err != nil || calls != 1 {
				t.Errorf("%d calls, %v", calls, err)
			}
		})
	}
}

// A host that ignores the error of a statement is not told that COMMIT may have worked.
func TestTransactWithAnIgnoredError(t *testing.T) {
	t.Parallel()
	d := databases[2]
	db := d.open(t)
	store := d.withHook(t, db, nil)
	err := store.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx, _ *sqlstore.Tx) error {
		_, _ = tx.ExecContext(ctx, "SELECT 1/0")
		return nil
	})
	if err == nil || errors.Is(err, sqlstore.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "a statement of the transaction has failed before") {
		t.Errorf("got %v", err)
	}
}
