package sqlstore_test

import (
	"fmt"

	"github.com/userrecord/userrecord/sqlstore"
)

// The schema for a migration tool of the host's own, such as goose: one file for
// each migration.
func ExampleMigrations() {
	migrations, err := sqlstore.Migrations(sqlstore.PostgreSQL, "app.users")
	if err != nil {
		panic(err)
	}
	for _, m := range migrations[:1] {
		fmt.Printf("-- %05d_%s.sql\n%.100s...\n", m.Version, m.Name, m.SQL)
	}
	// Output:
	// -- 00001_users.sql
	// CREATE TABLE IF NOT EXISTS "app"."users" (
	// 	id                      uuid NOT NULL PRIMARY KEY,
	// 	crea...
}
