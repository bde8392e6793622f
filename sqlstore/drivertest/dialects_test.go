package drivertest

import (
	"strings"
	"testing"

	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A dialect on another engine is an error that names it, and MySQL's works on
// MariaDB.
func TestWrongDialect(t *testing.T) {
	t.Parallel()
	dialects := []sqlstore.Dialect{sqlstore.SQLite, sqlstore.PostgreSQL, sqlstore.MySQL, sqlstore.MariaDB}
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		d.migrated(t, db)
		for _, dialect := range dialects {
			t.Run(dialect.String(), func(t *testing.T) {
				store := database{dialect: dialect}.store(t, db)
				user := userstore.ExampleUser()
				_, get := store.Get(t.Context(), user.ID)
				_, patch := store.Patch(t.Context(), user.ID, user.Attributes)
				fits := dialect.String() == d.dialect.String() || mySQLs[dialect.String()] && mySQLs[d.dialect.String()]
				for name, err := range map[string]error{
					"Check": store.Check(t.Context()), "Migrate": store.Migrate(t.Context()), "Get": get, "Patch": patch,
				} {
					refused := err != nil && strings.Contains(err.Error(), "the database is not "+dialect.String())
					if refused == fits {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	})
}
