package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// newAccounts is in the README.
func newAccounts(db *sql.DB) (*sqlstore.Store, error) {
	return sqlstore.New(db, sqlstore.SQLite, &sqlstore.Options{Table: "accounts", Mapping: &sqlstore.Mapping{
		ID:       "uuid", // beside the table's own key
		Columns:  map[string]string{"/firstName": "given_name", "/lastName": "family_name", "/email": "mail"},
		Absent:   []string{"/zoneInfo"},                               // patches of it are refused
		TextOnly: []string{"/address/houseNo", "/address/postalCode"}, // no column tells numbers from texts
		Where: []sqlstore.Condition{
			{Column: "tenant_id", Value: tenantOf},
			{Column: "deleted_at"}, // is NULL
		},
	}})
}

const createAccounts = `CREATE TABLE accounts (
	id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, deleted_at TEXT, uuid TEXT NOT NULL, created_at TEXT NOT NULL,
	given_name TEXT, family_name TEXT, mail TEXT, phone_number TEXT, picture_url TEXT, gender TEXT, birth_date TEXT, locale TEXT,
	country TEXT, locality TEXT, street TEXT, house_no TEXT, additional_address_link TEXT, region TEXT, postal_code TEXT,
	UNIQUE (tenant_id, uuid), UNIQUE (tenant_id, mail)
)`

// A host keeps users in a table of its own, which has tenants and soft deletes.
func Example_mapping() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", sqliteDSN(dir+"/users.db"))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	store, err := newAccounts(db)
	if err != nil {
		panic(err)
	}
	ctx := withTenant(context.Background(), 7)
	if _, err := db.ExecContext(ctx, createAccounts); err != nil {
		panic(err)
	}
	fmt.Println("check:", store.Check(ctx), store.Unproved())

	text := userstore.Value[string]
	john, err := store.Create(ctx, userstore.User{ID: uuid.New(), Attributes: userstore.Attributes{FirstName: text("John"), Email: text("john@example.org")}})
	if err != nil {
		panic(err)
	}
	_, err = store.Patch(ctx, john.ID, userstore.Attributes{ZoneInfo: text("Europe/Berlin")})
	fmt.Println("no column:", err)
	_, err = store.Create(ctx, userstore.User{ID: uuid.New(), Attributes: userstore.Attributes{Email: text("john@example.org")}})
	var invalid *userstore.InvalidError
	if errors.As(err, &invalid) {
		fmt.Println("a constraint:", invalid)
	}
	_, err = store.Get(withTenant(ctx, 8), john.ID)
	fmt.Println("another tenant:", err)
	_, err = store.Get(context.Background(), john.ID)
	fmt.Println("no tenant:", err)
	if _, err := db.ExecContext(ctx, "UPDATE accounts SET deleted_at = CURRENT_TIMESTAMP WHERE mail = 'john@example.org'"); err != nil {
		panic(err)
	}
	_, err = store.Get(ctx, john.ID)
	fmt.Println("deleted:", err)
	// Output:
	// check: <nil> []
	// no column: userstore: invalid user: /zoneInfo cannot be kept by this service
	// a constraint: userstore: invalid user: /email is taken by another user
	// another tenant: userstore: user not found
	// no tenant: no tenant
	// deleted: userstore: user not found
}
