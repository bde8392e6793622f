package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A tenancy is a table in which the same user is in two tenants, and another one in
// the first that the host has marked as deleted.
type tenancy struct {
	db            *sql.DB
	store         *sqlstore.Store
	user, deleted userstore.User
}

const mine, others int64 = 1, 2

func (d database) tenancy(t *testing.T) *tenancy {
	t.Helper()
	y := &tenancy{db: d.open(t), user: userstore.ExampleUser(), deleted: fullUser()}
	d.mustFill(t, y.db, accountsTable)
	y.store = d.mapped(t, y.db, accounts())
	for _, tenant := range []int64{mine, others} {
		_, err := y.store.Create(withTenant(t.Context(), tenant), y.user)
		require.NoError(t, err)
	}
	_, err := y.store.Create(withTenant(t.Context(), mine), y.deleted)
	require.NoError(t, err)
	mustExec(t, y.db, fmt.Sprintf("UPDATE accounts SET deleted_at = created WHERE uuid = '%s'", y.deleted.ID))
	return y
}

// hidden returns all that the first tenant must not see.
func (y *tenancy) hidden(t *testing.T) [][]sql.NullString {
	t.Helper()
	rows, err := y.db.QueryContext(t.Context(), fmt.Sprintf("SELECT * FROM accounts WHERE tenant_id = %d OR deleted_at IS NOT NULL ORDER BY id", others))
	require.NoError(t, err)
	defer rows.Close()
	names, err := rows.Columns()
	require.NoError(t, err)
	var all [][]sql.NullString
	for rows.Next() {
		row, dest := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range row {
			dest[i] = &row[i]
		}
		require.NoError(t, rows.Scan(dest...))
		all = append(all, row)
	}
	require.NoError(t, rows.Err())
	return all
}

// tenancyCalls are calls of the first tenant, and what comes of them.
var tenancyCalls = []struct {
	name string
	call func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error
	want error
}{
	{"patch", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.Patch(ctx, y.user.ID, firstName("Jane"))
		return err
	}, nil},
	{"put", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error { _, err := s.Put(ctx, y.user); return err }, nil},
	{"get for update", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.GetForUpdate(ctx, y.user.ID)
		return err
	}, nil},
	{"all", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		n := 0
		for user, err := range s.All(ctx) {
			if err != nil {
				return err
			}
			if n++; user.ID != y.user.ID {
				return errors.New("another user")
			}
		}
		if n != 1 {
			return fmt.Errorf("%d users", n)
		}
		return nil
	}, nil},
	{"get a deleted one", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.Get(ctx, y.deleted.ID)
		return err
	}, userstore.ErrNotFound},
	{"get a deleted one for update", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.GetForUpdate(ctx, y.deleted.ID)
		return err
	}, userstore.ErrNotFound},
	{"patch a deleted one", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.Patch(ctx, y.deleted.ID, everywhere("first").attributes()) // what it holds
		return err
	}, userstore.ErrNotFound},
	{"delete a deleted one", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error { return s.Delete(ctx, y.deleted.ID) }, nil},
	{"put a deleted one", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.Put(ctx, y.deleted)
		return err
	}, userstore.ErrExists},
	{"create a deleted one", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.Create(ctx, y.deleted)
		return err
	}, userstore.ErrExists},
	{"create a deleted one with others", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		return s.CreateAll(ctx, []userstore.User{{ID: uuid.UUID{1}}, y.deleted})
	}, userstore.ErrExists},
	{"delete", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error { return s.Delete(ctx, y.user.ID) }, nil},
	{"get after that", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.Get(ctx, y.user.ID)
		return err
	}, userstore.ErrNotFound},
	{"create again", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.Create(ctx, y.user)
		return err
	}, nil},
	{"create others", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		return s.CreateAll(ctx, []userstore.User{{ID: uuid.UUID{1}}, {ID: uuid.UUID{2}}})
	}, nil},
	{"get one of them", func(ctx context.Context, s *sqlstore.Tx, y *tenancy) error {
		_, err := s.Get(ctx, uuid.UUID{2})
		return err
	}, nil},
}

// No call of a tenant touches a row of another one, or a deleted row; and none
// without a tenant touches anything.
func TestTenants(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		y := d.tenancy(t)
		before := y.hidden(t)
		for _, tt := range tenancyCalls {
			for ctx, want := range map[context.Context]error{t.Context(): errNoTenant, withTenant(t.Context(), mine): tt.want} {
				tx := begin(t, y.db)
				if err := tt.call(ctx, y.store.WithTx(tx), y); !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", tt.name, err, want)
				}
				if want == nil {
					require.NoError(t, tx.Commit())
				} else {
					require.NoError(t, tx.Rollback())
				}
				if diff := cmp.Diff(before, y.hidden(t)); diff != "" || len(before) != 2 {
					t.Fatalf("%s has changed a hidden row (-want +got):\n%s", tt.name, diff)
				}
			}
		}
	})
}

// The methods of the Store itself keep to the tenant, too.
func TestTenantsOfTheStore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		y := d.tenancy(t)
		before := y.hidden(t)
		for ctx, want := range map[context.Context]error{t.Context(): errNoTenant, withTenant(t.Context(), mine): userstore.ErrNotFound} {
			_, got := y.store.Get(ctx, y.deleted.ID)
			_, patched := y.store.Patch(ctx, y.deleted.ID, everywhere("first").attributes())
			for name, err := range map[string]error{"Get": got, "Patch": patched} {
				if !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", name, err, want)
				}
			}
		}
		ctx := withTenant(t.Context(), mine)
		_, err := y.store.Patch(ctx, y.user.ID, firstName("Jane"))
		require.NoError(t, errors.Join(err, y.store.Delete(ctx, y.user.ID), y.store.Delete(ctx, y.deleted.ID), y.store.Check(ctx)))
		for user, err := range y.store.All(ctx) {
			t.Errorf("%v is left, or %v", user.ID, err)
		}
		for _, err := range map[string]error{"Delete": y.store.Delete(t.Context(), y.user.ID), "Check": y.store.Check(t.Context())} {
			if err != errNoTenant {
				t.Errorf("without a tenant: %v", err)
			}
		}
		for _, err := range y.store.All(t.Context()) {
			if err != errNoTenant {
				t.Errorf("All without a tenant: %v", err)
			}
		}
		if diff := cmp.Diff(before, y.hidden(t)); diff != "" {
			t.Errorf("a hidden row has changed (-want +got):\n%s", diff)
		}
	})
}

// Patches of both tenants at once, of the same id and in shared transactions, each by
// another way, all take effect in their own row.
func TestTenantsAtOnce(t *testing.T) {
	t.Parallel()
	const patches = 16
	onEach(t, func(t *testing.T, d database) {
		y := &tenancy{db: d.place(t).serializable(d).open(t), user: userstore.ExampleUser()}
		d.mustFill(t, y.db, accountsTable, createOutbox)
		opts := d.options()
		opts.Table, opts.Mapping = "accounts", accounts()
		opts.OnPatch = func(ctx context.Context, tx *sql.Tx, change userstore.Change) error {
			_, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO outbox (id, what) VALUES ('%s', '%v')", change.After.ID, ctx.Value(tenantKey{})))
			return err
		}
		var err error
		y.store, err = sqlstore.New(y.db, d.dialect, opts)
		require.NoError(t, err)
		var all sync.WaitGroup
		for _, tenant := range []int64{mine, others} {
			ctx := withTenant(t.Context(), tenant)
			_, err := y.store.Create(ctx, y.user)
			require.NoError(t, err)
			for n := range patches {
				patch := values{scalars[n]: fmt.Sprintf("%d of %d", n, tenant)}.attributes()
				all.Go(func() {
					err := sqlstore.ErrConflict
					for errors.Is(err, sqlstore.ErrConflict) { // on a slow machine, more often than the Store retries
						if n%2 == 0 {
							_, err = y.store.Patch(ctx, y.user.ID, patch)
							continue
						}
						err = y.store.Transact(ctx, func(ctx context.Context, _ *sql.Tx, users *sqlstore.Tx) error {
							_, err := users.Patch(ctx, y.user.ID, patch)
							return err
						})
					}
					if err != nil {
						t.Errorf("tenant %d, patch %d: %v", tenant, n, err)
					}
				})
			}
		}
		all.Wait()
		for _, tenant := range []int64{mine, others} {
			want := values{}
			for n := range patches {
				want[scalars[n]] = fmt.Sprintf("%d of %d", n, tenant)
			}
			got := mustGet(t, perTenant{y.store, tenant}, y.user.ID)
			if diff := cmp.Diff(want, valuesOf(got.Attributes)); diff != "" {
				t.Errorf("tenant %d (-want +got):\n%s", tenant, diff)
			}
			if n := queryInt(t, y.db, fmt.Sprintf("SELECT count(*) FROM outbox WHERE what = '%d'", tenant)); n != patches {
				t.Errorf("tenant %d: %d rows in the outbox, want %d", tenant, n, patches)
			}
		}
	})
}
