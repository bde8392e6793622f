package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// twice takes the unique index from the table of the Store, which has been checked, and
// then there are two rows of the id in a tenant, and one in another.
func (d database) twice(t *testing.T, db *sql.DB, id uuid.UUID) {
	t.Helper()
	drop := "DROP INDEX one_uuid"
	if strings.Contains(accountTypes[d.dialect.String()][1], "AUTO_INCREMENT") {
		drop += " ON accounts"
	}
	mustExec(t, db, drop)
	for _, tenant := range []int64{mine, mine, others} {
		mustExec(t, db, fmt.Sprintf("INSERT INTO accounts (tenant_id, uuid, created, given_name) VALUES (%d, '%s', '2021-09-01 23:12:56', 'John')", tenant, id))
	}
}

// indexed returns the table with an index that can be dropped.
func (d database) indexed(t *testing.T, table string) *sql.DB {
	t.Helper()
	db := d.open(t)
	d.mustFill(t, db, strings.Replace(table, "CONSTRAINT one_uuid UNIQUE (tenant_id, uuid)", "UNIQUE (id)", 1), "CREATE UNIQUE INDEX one_uuid ON accounts (tenant_id, uuid)")
	return db
}

// Where two rows have an id, whatever Check has seen, no call changes either, or takes one
// of them for the user.
func TestTwoRowsOfOneID(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		id, db := uuid.New(), d.indexed(t, accountsTable)
		ctx := withTenant(t.Context(), mine)
		var stores []*sqlstore.Store
		for _, rewrites := range []bool{false, true} {
			opts := d.options()
			opts.Table, opts.Mapping, opts.AllowRewrites = "accounts", accounts(), rewrites
			store, err := sqlstore.New(db, d.dialect, opts)
			require.NoError(t, err)
			require.NoError(t, store.Check(ctx))
			stores = append(stores, store)
		}
		d.twice(t, db, id)
		for _, store := range stores {
			for name, call := range callsOf(ctx, store, id) {
				err := call()
				if !errors.Is(err, sqlstore.ErrMismatch) || errors.Is(err, sqlstore.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "two rows have the id") {
					t.Errorf("%s: %v", name, err)
				}
				if n := queryInt(t, db, "SELECT count(*) FROM accounts WHERE given_name = 'John'"); n != 3 {
					t.Errorf("%s: %d rows are left, want 3", name, n)
				}
			}
			if _, err := store.Patch(withTenant(t.Context(), others), id, firstName("John")); err != nil {
				t.Errorf("the other tenant: %v", err)
			}
		}
	})
}

// callsOf are the calls for one user.
func callsOf(ctx context.Context, store *sqlstore.Store, id uuid.UUID) map[string]func() error {
	inTx := func(do func(context.Context, *sqlstore.Tx) error) func() error {
		return func() error {
			return store.Transact(ctx, func(ctx context.Context, _ *sql.Tx, users *sqlstore.Tx) error { return do(ctx, users) })
		}
	}
	return map[string]func() error{
		"Get":    func() error { _, err := store.Get(ctx, id); return err },
		"Patch":  func() error { _, err := store.Patch(ctx, id, firstName("Jane")); return err },
		"Delete": func() error { return store.Delete(ctx, id) },
		"Patch that tells": func() error {
			_, err := store.Patch(userstore.WithChange(ctx, new(userstore.Change)), id, firstName("Jane"))
			return err
		},
		"Put": inTx(func(ctx context.Context, users *sqlstore.Tx) error {
			_, err := users.Put(ctx, userstore.User{ID: id})
			return err
		}),
		"GetForUpdate": inTx(func(ctx context.Context, users *sqlstore.Tx) error { _, err := users.GetForUpdate(ctx, id); return err }),
		"Tx.Delete":    inTx(func(ctx context.Context, users *sqlstore.Tx) error { return users.Delete(ctx, id) }),
		"Tx.Patch": inTx(func(ctx context.Context, users *sqlstore.Tx) error {
			_, err := users.Patch(ctx, id, firstName("Jane"))
			return err
		}),
	}
}
