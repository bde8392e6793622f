package drivertest

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance/storetest"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// Every Store of the suite is in the same table and has a tenant of its own, told by
// the context, so that users of the same id are in several.
func TestStoreSuiteOfAMappedTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		if d.name == "SQLite-modernc" || d.name == "MySQL" {
			return // as ncruces and MariaDB, in all that a mapping changes
		}
		db := d.open(t)
		d.mustFill(t, db, accountsTable)
		store := d.mapped(t, db, accounts())
		var tenants atomic.Int64
		storetest.Run(t, func(ctx context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
			tenant := tenants.Add(1)
			err := createTogether(withTenant(ctx, tenant), store, users)
			return perTenant{store, tenant}, nil, err
		})
		if unproved := store.Unproved(); len(unproved) > 0 {
			t.Errorf("not proved: %v", unproved)
		}
	})
}

// The table that Migrations prints for a mapping fits it, once the host has added the
// columns of the conditions. It does so in every mode of a driver.
func TestMigrationsOfAMapping(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		for name, edit := range modes[d.name] {
			t.Run(name, func(t *testing.T) {
				p := d.place(t)
				p.dsn = edit(p.dsn)
				db := p.open(t)
				opts := d.options()
				opts.Table, opts.Mapping = "accounts", accounts()
				opts.Mapping.Absent, opts.Mapping.BirthDateIsDate = []string{"/gender"}, true
				migrations, err := sqlstore.Migrations(d.dialect, opts)
				require.NoError(t, err)
				for _, m := range migrations {
					mustExec(t, db, m.SQL)
				}
				d.mustFill(t, db, "ALTER TABLE accounts ADD COLUMN tenant_id INTEGER", "ALTER TABLE accounts ADD COLUMN deleted_at {text}")
				store, err := sqlstore.New(db, d.dialect, opts)
				require.NoError(t, err)
				ctx := withTenant(t.Context(), mine)
				require.NoError(t, store.Check(ctx))
				if got := store.Unproved(); len(got) > 0 {
					t.Errorf("not proved: %v", got)
				}
				user := userstore.ExampleUser()
				user.Attributes.Gender, user.Attributes.BirthDate = userstore.Optional[string]{}, userstore.Value("1997-07-21")
				_, err = store.Create(ctx, user)
				require.NoError(t, err)
				patch := values{"/firstName": "Jane", "/birthDate": "1815-12-10", "/address/houseNo": "018"}.attributes()
				user.Attributes = user.Attributes.Merge(patch)
				if got, err := store.Patch(ctx, user.ID, patch); err != nil || got != user {
					t.Errorf("another user, or %v", err)
				}
				if got := mustGet(t, perTenant{store, mine}, user.ID); got != user {
					t.Error("another user is kept")
				}
			})
		}
	})
}

func asIs(dsn string) string { return dsn }

// modes are the ways in which drivers send arguments.
var modes = map[string]map[string]func(string) string{
	"SQLite-modernc": {"default": asIs},
	"SQLite-ncruces": {"default": asIs},
	"PostgreSQL": {
		"default": asIs, "exec": with("default_query_exec_mode", "exec"),
		"simple": with("default_query_exec_mode", "simple_protocol"), "describe": with("default_query_exec_mode", "cache_describe"),
		"German": with("datestyle", "German", "timezone", "Asia/Tokyo"),
	},
	"MariaDB": {"default": asIs, "interpolated": withParams("interpolateParams", "true"), "parseTime": withParams("parseTime", "true", "loc", "Asia/Tokyo")},
	"MySQL":   {"default": asIs},
}
