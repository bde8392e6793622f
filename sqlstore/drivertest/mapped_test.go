package drivertest

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/userrecord/userrecord/conformance/storetest"
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
			for _, u := range users {
				if _, err := store.Create(withTenant(ctx, tenant), u); err != nil {
					return nil, nil, err
				}
			}
			return perTenant{store, tenant}, nil, nil
		})
		if unproved := store.Unproved(); len(unproved) > 0 {
			t.Errorf("not proved: %v", unproved)
		}
	})
}
