package drivertest

import (
	"errors"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// PostgreSQL tells no details of a constraint to a role for which row-level
// security holds; what is violated is found nevertheless.
func TestRowLevelSecurity(t *testing.T) {
	t.Parallel()
	server := postgreSQL.Server(t)
	if server.External() {
		t.Skip("SKIPPED: roles are NOT TESTED on a server of somebody else")
	}
	d := databases[2]
	created := server.NewDatabase(t)
	owner := created.Open(t)
	for _, statement := range d.constraints(t) {
		mustExec(t, owner, statement)
	}
	hidden := constraintUser("taken@example.org", "+1")
	create(t, d.store(t, owner), &hidden)
	for _, statement := range []string{
		"CREATE ROLE secured LOGIN PASSWORD 'secured'",
		"GRANT SELECT, INSERT, UPDATE, DELETE ON users TO secured",
		"ALTER TABLE users ENABLE ROW LEVEL SECURITY",
		"CREATE POLICY own ON users TO secured USING (id <> '" + hidden.ID.String() + "') WITH CHECK (true)",
	} {
		mustExec(t, owner, statement)
	}
	t.Cleanup(func() { owner.Exec("DROP OWNED BY secured; DROP ROLE secured") })
	dsn, err := url.Parse(created.DSN)
	require.NoError(t, err)
	dsn.User = url.UserPassword("secured", "secured")
	secured := place{created.Driver, dsn.String()}.open(t)
	store := d.store(t, secured)
	second := constraintUser("free@example.org", "+2")
	create(t, store, &second)

	taken := constraintUser("third@example.org", "+3")
	taken.ID = hidden.ID
	if _, err := store.Create(t.Context(), taken); !errors.Is(err, userstore.ErrExists) {
		t.Errorf("Create of a taken id = %v", err)
	}
	tx, err := secured.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	if _, err := store.WithTx(tx).Create(t.Context(), taken); !errors.Is(err, userstore.ErrExists) {
		t.Errorf("Create of a taken id, in a transaction = %v", err)
	}
	tx.Rollback()
	for _, r := range refusals {
		_, err := store.Patch(t.Context(), second.ID, decodedPatch(t, r.patch))
		wantPointer(t, r.name, err, r.pointer)
	}
	// An index of the host's own with a name that tells nothing
	mustExec(t, owner, "ALTER INDEX users_email_key RENAME TO k2")
	mustExec(t, owner, "ALTER TABLE users RENAME CONSTRAINT users_pkey TO k1")
	if _, err := store.Create(t.Context(), taken); !errors.Is(err, userstore.ErrExists) {
		t.Errorf("Create of a taken id, with another name of the key = %v", err)
	}
	third := constraintUser("taken@example.org", "+3")
	third.ID = uuid.New()
	_, err = store.Create(t.Context(), third)
	wantPointer(t, "Create", err, "/email")
}

// MariaDB speaks the language that it is told to.
func TestTranslatedMessages(t *testing.T) {
	t.Parallel()
	d := databases[3]
	for _, language := range []string{"de_DE", "fr_FR", "ja_JP", "ru_RU", "es_ES", "hu_HU"} {
		t.Run(language, func(t *testing.T) {
			p := d.place(t)
			p.dsn += "?lc_messages=%27" + language + "%27"
			db := p.open(t)
			for _, statement := range d.constraints(t) {
				mustExec(t, db, statement)
			}
			store := d.store(t, db)
			first, second := constraintUser("taken@example.org", "+1"), constraintUser("free@example.org", "+2")
			create(t, store, &first, &second)
			if _, err := store.Create(t.Context(), first); !errors.Is(err, userstore.ErrExists) {
				t.Errorf("Create of a taken id = %v", err)
			}
			_, err := store.Patch(t.Context(), second.ID, decodedPatch(t, `{"email": "taken@example.org"}`))
			wantPointer(t, "Patch", err, "/email")
		})
	}
}
