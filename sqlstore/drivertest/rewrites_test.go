package drivertest

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// rewriting are triggers that write names in capitals.
var rewriting = map[string][]string{
	"SQLite": {"CREATE TRIGGER capitals AFTER UPDATE ON users BEGIN UPDATE users SET first_name = upper(first_name) WHERE id = NEW.id; END"},
	"PostgreSQL": {
		"CREATE FUNCTION capitals() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.first_name = upper(NEW.first_name); RETURN NEW; END $$",
		"CREATE TRIGGER capitals BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION capitals()",
	},
	"MariaDB": {"CREATE TRIGGER capitals BEFORE UPDATE ON users FOR EACH ROW SET NEW.first_name = upper(NEW.first_name)"},
}

// Where a trigger rewrites what was sent, a patch is no success unless the host
// has said that triggers do; then it returns what the database holds.
func TestRewritingTrigger(t *testing.T) {
	t.Parallel()
	for _, d := range databases[:4] {
		t.Run(d.name, func(t *testing.T) {
			db := d.open(t)
			store := d.migrated(t, db)
			user := userstore.ExampleUser()
			create(t, store, &user)
			for _, statement := range rewriting[d.dialect.String()] {
				mustExec(t, db, statement)
			}
			patch := values{"/firstName": "Jane"}.attributes()
			sent, kept := user, user
			sent.Attributes = user.Attributes.Merge(patch)
			kept.Attributes = user.Attributes.Merge(values{"/firstName": "JANE"}.attributes())
			got, err := store.Patch(t.Context(), user.ID, patch)
			if d.dialect.String() == "SQLite" {
				// Its RETURNING does not see what AFTER triggers do, and it has
				// no others that could change a row.
				if err != nil || got != sent {
					t.Errorf("got %v, %v", got, err)
				}
				wantUser(t, store, kept)
				return
			}
			if !errors.Is(err, sqlstore.ErrMismatch) || !strings.Contains(err.Error(), "first_name") {
				t.Errorf("got %v", err)
			}
			allowing, err := sqlstore.New(db, d.dialect, &sqlstore.Options{AcceptDataLoss: true, AllowRewrites: true})
			require.NoError(t, err)
			for range 2 {
				if got, err := allowing.Patch(t.Context(), user.ID, patch); err != nil || got != kept {
					t.Errorf("allowed: %v, %v", got, err)
				}
			}
			wantUser(t, allowing, kept)
		})
	}
}

// otherTypes make a column keep something else than what is inserted.
var otherTypes = map[string]struct{ column, kind string }{
	"SQLite":     {"postal_code", "NUMERIC"}, // and the table is not STRICT
	"PostgreSQL": {"last_name", "char(300)"},
	"MariaDB":    {"last_name", "CHAR(200)"},
}

// A table whose columns have other types is seen before the first patch.
func TestTableThatChangesValues(t *testing.T) {
	t.Parallel()
	for _, d := range databases[:4] {
		t.Run(d.name, func(t *testing.T) {
			migrations, err := sqlstore.Migrations(d.dialect, nil)
			require.NoError(t, err)
			other := otherTypes[d.dialect.String()]
			table := strings.Replace(migrations[0].SQL, ") STRICT", ")", 1)
			db := d.open(t)
			mustExec(t, db, replaced(t, table, `(?mi)^\s*`+other.column+`\s+TEXT`, other.column+" "+other.kind))
			store := d.store(t, db)
			_, made := store.Create(t.Context(), userstore.ExampleUser())
			for name, err := range map[string]error{"Check": store.Check(t.Context()), "Create": made} {
				if err == nil || !strings.Contains(err.Error(), "differs in "+other.column) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

// A trigger that leaves a row out makes no user.
func TestTriggerThatLeavesOut(t *testing.T) {
	t.Parallel()
	d := databases[2]
	db := d.open(t)
	store := d.migrated(t, db)
	require.NoError(t, store.Check(t.Context()))
	mustExec(t, db, "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
	mustExec(t, db, "CREATE TRIGGER nothing BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION nothing()")
	if _, err := store.Create(t.Context(), userstore.ExampleUser()); !errors.Is(err, sqlstore.ErrMismatch) {
		t.Errorf("Create: %v", err)
	}
	if err := createAll(t, db, store, userstore.ExampleUser(), fullUser()); !errors.Is(err, sqlstore.ErrMismatch) {
		t.Errorf("CreateAll: %v", err)
	}
	if err := d.store(t, db).Check(t.Context()); err == nil || !strings.Contains(err.Error(), "is not there") {
		t.Errorf("Check: %v", err)
	}
}

// A trigger that puts the row into a child table, as partitions were once made,
// makes a user.
func TestTriggerThatPutsElsewhere(t *testing.T) {
	t.Parallel()
	d := databases[2]
	db := d.open(t)
	store := d.migrated(t, db)
	mustExec(t, db, "CREATE TABLE child () INHERITS (users)")
	mustExec(t, db, "CREATE FUNCTION elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO child SELECT NEW.*; RETURN NULL; END $$")
	mustExec(t, db, "CREATE TRIGGER elsewhere BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION elsewhere()")
	user := fullUser()
	create(t, store, &user)
	wantUser(t, store, user)
	users := numbered(t, 2)
	require.NoError(t, createAll(t, db, store, users...))
	wantUser(t, store, users[1])
	require.NoError(t, d.store(t, db).Check(t.Context()))
}
