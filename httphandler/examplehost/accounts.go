package main

import (
	"context"
	"database/sql"
	"iter"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// mapping says how users lie in the table accounts. Every statement of the store is
// about the caller's tenant, and about accounts that are not deleted.
var mapping = sqlstore.Mapping{
	ID:        "uuid",
	CreatedAt: "registered_at",
	Columns: map[string]string{ // an attribute that is not here has the column of its name: gender, house_no
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
// transaction, which is why the store is a field: what it could do besides is not on offer.
type accounts struct{ store *sqlstore.Store }

func newAccounts(db database) (accounts, error) {
	store, err := sqlstore.New(db.DB, db.dialect, &sqlstore.Options{Table: "accounts", Mapping: &mapping, OnPatch: onPatch})
	return accounts{store}, err
}

// Check checks the database with a row of nobody's, which is rolled back, and logs what
// that could not prove. If your tenants are a table, check with a real one: a foreign key
// refuses any other, and then little is proved.
func (a accounts) Check(ctx context.Context, logger *slog.Logger) error {
	err := a.store.Check(withCaller(ctx, caller{tenant: "check"}))
	if unproved := a.store.Unproved(); len(unproved) > 0 {
		logger.WarnContext(ctx, "columns could not be proved", "unproved", unproved)
	}
	return err
}

func (a accounts) All(ctx context.Context) iter.Seq2[userstore.User, error] { return a.store.All(ctx) }

func (a accounts) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return a.store.Get(ctx, id)
}

func (a accounts) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return a.store.Patch(ctx, id, patch) // which calls onPatch
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
	err := a.store.Transact(ctx, func(ctx context.Context, tx *sql.Tx, users *sqlstore.Tx) (err error) {
		if created, err = users.Create(ctx, userstore.User{ID: id, Attributes: attributes}); err != nil {
			return err
		}
		return record(ctx, tx, id, "created", created.Attributes.Names())
	})
	return created, err
}

// Delete marks the account as deleted. The row stays.
func (a accounts) Delete(ctx context.Context, id uuid.UUID) error {
	tenant, err := tenantOf(ctx)
	if err != nil {
		return err
	}
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000000Z") // as registered_at on SQLite
	return a.store.Transact(ctx, func(ctx context.Context, tx *sql.Tx, users *sqlstore.Tx) error {
		if _, err := users.GetForUpdate(ctx, id); err != nil { // of this tenant, not deleted
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE accounts SET deleted_at = $1 WHERE uuid = $2 AND tenant_id = $3", now, id.String(), tenant); err != nil {
			return err
		}
		return record(ctx, tx, id, "deleted", nil)
	})
}
