package drivertest

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A table of a host's that keeps less than the page has: no time zone, postal codes
// that are texts alone, dates of birth that are dates. E-mail addresses are unique per
// tenant, in an index whose name says nothing, and a constraint has such a name too.
func (d database) narrow(t *testing.T) (*sqlstore.Store, *sql.DB) {
	t.Helper()
	db := d.open(t)
	narrow := strings.NewReplacer(", zip_is_number {bool} NOT NULL DEFAULT {false}", "", ", zone_info {text}", "", "birth_date {text}", "birth_date DATE",
		"CONSTRAINT", "CONSTRAINT c7 CHECK (picture_url <> 'taken'), CONSTRAINT")
	d.mustFill(t, db, narrow.Replace(accountsTable), "CREATE UNIQUE INDEX k9 ON accounts (tenant_id, mail)")
	m := accounts()
	m.Absent, m.TextOnly, m.BirthDateIsDate = []string{"/zoneInfo"}, []string{"/address/postalCode"}, true
	m.Constraints = map[string]string{"c7": "/pictureUrl"}
	delete(m.IsNumber, "/address/postalCode")
	return d.mapped(t, db, m), db
}

// What such a table does not keep is refused, at its pointer, and nothing has changed.
func TestNarrowTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, db := d.narrow(t)
		ctx := withTenant(t.Context(), mine)
		user := userstore.User{ID: uuid.New(), Attributes: values{"/email": "mine@example.org", "/firstName": "John"}.attributes()}
		other := userstore.User{ID: uuid.New(), Attributes: values{"/email": "taken@example.org"}.attributes()}
		for _, u := range []*userstore.User{&user, &other} {
			created, err := store.Create(ctx, *u)
			require.NoError(t, err)
			*u = created
		}
		for _, tt := range []struct{ patch, pointer string }{
			{`{"zoneInfo": "Europe/Berlin", "firstName": "Jane"}`, "/zoneInfo"},
			{`{"address": {"postalCode": 76131}}`, "/address/postalCode"},
			{`{"birthDate": "1997"}`, "/birthDate"},
			{`{"birthDate": "1997-07-21T00:00:00.000Z"}`, "/birthDate"},
			{`{"birthDate": "0000-07-21"}`, "/birthDate"},
			{`{"email": "taken@example.org"}`, "/email"},
			{`{"pictureUrl": "taken"}`, "/pictureUrl"},
		} {
			patch := decodedPatch(t, tt.patch)
			_, err := store.Patch(ctx, user.ID, patch)
			wantPointer(t, "Patch of "+tt.patch, err, tt.pointer)
			tx := begin(t, db)
			_, err = store.WithTx(tx).Patch(ctx, user.ID, patch)
			wantPointer(t, "Patch in a transaction, of "+tt.patch, err, tt.pointer)
			require.NoError(t, tx.Rollback())
			_, err = store.Create(ctx, userstore.User{ID: uuid.New(), Attributes: patch})
			wantPointer(t, "Create of "+tt.patch, err, tt.pointer)
			wantUser(t, perTenant{store, mine}, user)
		}
		// Another tenant may have the address; and what is kept is kept exactly.
		_, err := store.Create(withTenant(t.Context(), others), userstore.User{ID: user.ID, Attributes: other.Attributes})
		require.NoError(t, err)
		for _, text := range []string{
			`{"address": {"postalCode": "01067", "houseNo": 18}}`, `{"birthDate": "1997-07-21"}`, `{"zoneInfo": null}`,
			`{"birthDate": null, "address": null, "zoneInfo": null}`,
		} {
			patch := decodedPatch(t, text)
			user.Attributes = user.Attributes.Merge(patch)
			if got, err := store.Patch(ctx, user.ID, patch); err != nil || got != user {
				t.Errorf("%s: another user, or %v", text, err)
			}
			if got := mustGet(t, perTenant{store, mine}, user.ID); got != user {
				t.Errorf("%s: another user is kept", text)
			}
		}
		if _, err := store.Create(ctx, userstore.User{ID: other.ID}); !errors.Is(err, userstore.ErrExists) {
			t.Errorf("Create of a taken id: %v", err)
		}
	})
}

// PostgreSQL does not say which value is too long for its column, but a patch of one
// column does.
func TestTooLong(t *testing.T) {
	t.Parallel()
	for _, d := range databases[2:] { // SQLite has no such limits
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			db := d.open(t)
			d.mustFill(t, db, strings.Replace(accountsTable, "locality {text}", "locality VARCHAR(10)", 1))
			store, ctx := d.mapped(t, db, accounts()), withTenant(t.Context(), mine)
			user, err := store.Create(ctx, userstore.User{ID: uuid.New()})
			require.NoError(t, err)
			const pointer, long = "/address/locality", "Llanfairpwll"
			both := ""
			if d.dialect != sqlstore.PostgreSQL {
				both = pointer
			}
			for _, tt := range []struct {
				patch   userstore.Attributes
				pointer string
			}{
				{values{pointer: long}.attributes(), pointer},
				{values{pointer: long, "/firstName": "Jane"}.attributes(), both},
			} {
				_, err = store.Patch(ctx, user.ID, tt.patch)
				wantPointer(t, "Patch", err, tt.pointer)
				tx := begin(t, db)
				_, err = store.WithTx(tx).Patch(ctx, user.ID, tt.patch)
				wantPointer(t, "Patch in a transaction", err, tt.pointer)
				require.NoError(t, tx.Rollback())
			}
			wantUser(t, perTenant{store, mine}, user)
		})
	}
}
