package drivertest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// BenchmarkOptions compares, as BenchmarkPatch does, a store that has an option with
// one that has none, which is "by hand" in the report:
//
//	go test -run '^$' -bench Options -benchtime 30x ./sqlstore/drivertest
func BenchmarkOptions(b *testing.B) {
	for _, d := range durable() {
		db, users := d.open(b), benchUsers()
		plain := d.storeIn(b, db, users...)
		hooked := d.options()
		hooked.Table = d.tableOf(b, db, users)
		hooked.OnPatch = func(context.Context, *sql.Tx, userstore.Change) error { return nil }
		telling, err := sqlstore.New(db, d.dialect, hooked)
		require.NoError(b, err)
		d.mustFill(b, db, accountsTable)
		mapped := perTenant{d.mapped(b, db, accounts()), mine}
		for _, u := range users {
			_, err := mapped.Create(withTenant(b.Context(), mine), u)
			require.NoError(b, err)
		}
		for name, with := range map[string]patcher{"OnPatch": telling.Patch, "Mapping": mapped.Patch} {
			for _, writers := range []int{1, 16} {
				b.Run(fmt.Sprintf("%s/%s/writers=%d", d.name, name, writers), func(b *testing.B) {
					compare(b, writers, users, plain.Patch, with)
				})
			}
		}
	}
}
