package main

import (
	"context"
	"database/sql"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// mapping says how users lie in the table accounts. Every statement of the store is
// about the caller's tenant, and about accounts that are not deleted.
var mapping = sqlstore.Mapping{
	ID:        "uuid",
	CreatedAt: "registered_at",
	Columns: map[string]string{
		"/firstName":                     "given_name",
		"/lastName":                      "family_name",
		"/email":                         "mail",
		"/phoneNumber":                   "phone",
		"/pictureUrl":                    "avatar_url",
		"/birthDate":                     "born",
		"/address/locality":              "city",
		"/address/additionalAddressLink": "address_extra",
		"/address/postalCode":            "postcode",
		"/locale":                        "language",
	},
	IsNumber:        map[string]string{"/address/postalCode": "postcode_is_number"},
	BirthDateIsDate: true, // a year, or a date with a time, is refused
	Absent:          []string{"/zoneInfo"},
	Where:           []sqlstore.Condition{{Column: "tenant_id", Value: tenantOf}, {Column: "deleted_at"}},
}

func tenantOf(ctx context.Context) (any, error) {
	who, err := callerIn(ctx)
	return who.tenant, err
}

// accounts are the users in the table accounts. Every change is recorded in its own
// transaction. The methods below are instead of those of the Store.
type accounts struct{ *sqlstore.Store }

func newAccounts(db database) (accounts, error) {
	store, err := sqlstore.New(db.DB, db.dialect, &sqlstore.Options{Table: "accounts", Mapping: &mapping, OnPatch: onPatch})
	return accounts{store}, err
}

// Check checks the database with a row of nobody's, which is rolled back.
func (a accounts) Check(ctx context.Context) error {
	return a.Store.Check(withCaller(ctx, caller{tenant: "check"}))
}

// onPatch is called in the transaction of each patch.
func onPatch(ctx context.Context, tx *sql.Tx, change userstore.Change) error {
	names := change.Names()
	if len(names) == 0 {
		return nil // John was set to John
	}
	return record(ctx, tx, change.After.ID, "patched", names)
}

// Create adds an account to the caller's tenant.
func (a accounts) Create(ctx context.Context, attributes userstore.Attributes) (userstore.User, error) {
	var created userstore.User
	id := uuid.New()
	err := a.Transact(ctx, func(ctx context.Context, tx *sql.Tx, users *sqlstore.Tx) error {
		user, err := users.Create(ctx, userstore.User{ID: id, Attributes: attributes})
		if err != nil {
			return err
		}
		created = user
		return record(ctx, tx, id, "created", user.Attributes.Names())
	})
	return created, err
}

// Delete marks the account as deleted. The row stays.
func (a accounts) Delete(ctx context.Context, id uuid.UUID) error {
	return a.Transact(ctx, func(ctx context.Context, tx *sql.Tx, users *sqlstore.Tx) error {
		if _, err := users.GetForUpdate(ctx, id); err != nil { // of this tenant, not deleted
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE accounts SET deleted_at = CURRENT_TIMESTAMP WHERE uuid = $1", id.String())
		if err != nil {
			return err
		}
		return record(ctx, tx, id, "deleted", nil)
	})
}
