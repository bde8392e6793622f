package drivertest

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// viewTriggers are what a host writes so that a view can be written: the expression for
// each column in INSERT and in UPDATE.
type viewTriggers struct {
	name             string
	inserted, update func(column string) string // "" leaves the column out
	want             string                     // of Check
}

func kept(column string) string { return "NEW." + column }

func losing(lost string) func(string) string {
	return func(column string) string {
		if column == lost {
			return ""
		}
		return kept(column)
	}
}

// neverCleared keeps the old value instead of NULL, as a merge in SQL does.
func neverCleared(which string) func(string) string {
	return func(column string) string {
		if column == which {
			return "COALESCE(NEW." + column + ", OLD." + column + ")"
		}
		return kept(column)
	}
}

var views = []viewTriggers{
	{"a good one", kept, kept, ""},
	{"loses on INSERT", losing("region"), kept, "what is inserted into the table users differs in region"},
	{"loses on UPDATE", kept, losing("region"), "what is patched in the table users differs in region"},
	{"loses a second column", kept, losing("house_no_is_number"), "what is patched in the table users is read as no value of the column house_no"},
	{"never clears", kept, neverCleared("email"), "what is patched in the table users differs in email"},
}

// A view whose triggers lose a value, and say that they have written it, is refused.
func TestViewsThatLose(t *testing.T) {
	t.Parallel()
	for _, d := range databases[:3] { // the others write no view with triggers
		t.Run(d.name, func(t *testing.T) {
			for _, v := range views {
				t.Run(v.name, func(t *testing.T) {
					db := d.open(t)
					v.make(t, d, db)
					store := d.store(t, db)
					if err := store.Check(t.Context()); (err == nil) != (v.want == "") || err != nil && !strings.Contains(err.Error(), v.want) {
						t.Errorf("%v, want %q", err, v.want)
					}
					if v.want == "" {
						user := fullUser()
						create(t, store, &user)
						wantUser(t, store, user)
					}
					if n := queryInt(t, db, "SELECT count(*) FROM people"); n > 1 {
						t.Errorf("%d rows are left", n)
					}
				})
			}
		})
	}
}

func (v viewTriggers) make(t *testing.T, d database, db *sql.DB) {
	t.Helper()
	opts := &sqlstore.Options{Table: "people"}
	migrations, err := sqlstore.Migrations(d.dialect, opts)
	require.NoError(t, err)
	mustExec(t, db, migrations[0].SQL)
	mustExec(t, db, "CREATE VIEW users AS SELECT * FROM people")
	var names, inserted, updates []string
	for _, m := range regexp.MustCompile(`(?m)^\t(\w+)`).FindAllStringSubmatch(migrations[0].SQL, -1) {
		name := m[1]
		if e := v.inserted(name); e != "" {
			names, inserted = append(names, name), append(inserted, e)
		}
		if e := v.update(name); e != "" {
			updates = append(updates, name+" = "+e)
		}
	}
	for event, body := range map[string]string{
		"INSERT": fmt.Sprintf("INSERT INTO people (%s) VALUES (%s)", strings.Join(names, ", "), strings.Join(inserted, ", ")),
		"UPDATE": fmt.Sprintf("UPDATE people SET %s WHERE id = OLD.id", strings.Join(updates, ", ")),
	} {
		if d.dialect == sqlstore.PostgreSQL {
			mustExec(t, db, fmt.Sprintf("CREATE FUNCTION on_%s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s; RETURN NEW; END $$", event, body))
			mustExec(t, db, fmt.Sprintf("CREATE TRIGGER on_%s INSTEAD OF %[1]s ON users FOR EACH ROW EXECUTE FUNCTION on_%[1]s()", event))
			continue
		}
		mustExec(t, db, fmt.Sprintf("CREATE TRIGGER on_%s INSTEAD OF %[1]s ON users BEGIN %s; END", event, body))
	}
}

// A host's columns of its own must have a value, so no probe can be inserted.
var fullAccounts = strings.Replace(accountsTable, "NOT NULL DEFAULT 'free'", "NOT NULL", 1)

// Where no probe can be inserted, the columns are proved on a user, to whom nothing
// happens, or Check says that they are not.
func TestCheckOnAUser(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		d.mustFill(t, db, fullAccounts)
		ctx := withTenant(t.Context(), mine)
		store := d.mapped(t, db, accounts())
		require.NoError(t, store.Check(ctx))
		if got := pointersOf(store.Unproved()); len(got) != len(scalars)+2 {
			t.Errorf("without a user, not proved: %v", got)
		}
		user := userstore.ExampleUser()
		mustExec(t, db, fmt.Sprintf("INSERT INTO accounts (plan, tenant_id, uuid, created) VALUES ('free', %d, '%s', '2021-09-01 23:12:56')", mine, user.ID))
		want, err := store.Patch(ctx, user.ID, user.Attributes)
		require.NoError(t, err)
		store = d.mapped(t, db, accounts())
		require.NoError(t, store.Check(ctx))
		if got := pointersOf(store.Unproved()); !slices.Equal(got, []string{"/id"}) {
			t.Errorf("not proved: %v", got)
		}
		wantUser(t, perTenant{store, mine}, want)

		for _, statement := range losingMail[d.dialect.String()] {
			mustExec(t, db, statement)
		}
		if err := d.mapped(t, db, accounts()).Check(ctx); err == nil || !strings.Contains(err.Error(), "what is patched in the table accounts differs in mail (/email)") {
			t.Errorf("with a trigger: %v", err)
		}
		wantUser(t, perTenant{store, mine}, want)
	})
}

// losingMail are triggers that keep the old value.
var losingMail = map[string][]string{
	"SQLite": {"CREATE TRIGGER losing AFTER UPDATE ON accounts WHEN NEW.mail IS NOT OLD.mail BEGIN UPDATE accounts SET mail = OLD.mail WHERE id = OLD.id; END"},
	"PostgreSQL": {
		"CREATE FUNCTION losing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.mail = OLD.mail; RETURN NEW; END $$",
		"CREATE TRIGGER losing BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION losing()",
	},
	"MariaDB": {"CREATE TRIGGER losing BEFORE UPDATE ON accounts FOR EACH ROW SET NEW.mail = OLD.mail"},
	"MySQL":   {"CREATE TRIGGER losing BEFORE UPDATE ON accounts FOR EACH ROW SET NEW.mail = OLD.mail"},
}

// What a constraint of the host refuses whatever the value is, is not proved, and
// the rest is. A user whom somebody has locked is not waited for.
func TestCheckByParts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		d.mustFill(t, db, strings.Replace(fullAccounts, "gender {text}", "gender {short} CHECK (gender = 'x')", 1))
		ctx := withTenant(t.Context(), mine)
		for _, id := range []userstore.User{userstore.ExampleUser(), fullUser()} {
			mustExec(t, db, fmt.Sprintf("INSERT INTO accounts (plan, tenant_id, uuid, created) VALUES ('free', %d, '%s', '2021-09-01 23:12:56')", mine, id.ID))
		}
		if d.dialect != sqlstore.SQLite {
			tx := begin(t, db)
			_, err := d.mapped(t, db, accounts()).WithTx(tx).Patch(ctx, userstore.ExampleUser().ID, firstName("Jane"))
			require.NoError(t, err)
		}
		store := d.mapped(t, db, accounts())
		require.NoError(t, store.Check(ctx))
		if got := store.Unproved(); !strings.Contains(got[0].Reason, reasonOfCheck[d.dialect.String()]) {
			t.Errorf("the reason is %q", got[0].Reason)
		}
		if got := pointersOf(store.Unproved()); !slices.Equal(got, []string{"/gender", "/id"}) {
			t.Errorf("not proved: %v", got)
		}
	})
}

// reasonOfCheck is what Unproved says of the CHECK of gender.
var reasonOfCheck = map[string]string{
	"SQLite": "(result code 275)", "PostgreSQL": "(SQLSTATE 23514, accounts_gender_check)",
	"MariaDB": "(error 4025, ", "MySQL": "(error 4025, ",
}

func pointersOf(problems []userstore.Problem) (pointers []string) {
	for _, p := range problems {
		pointers = append(pointers, p.Pointer)
	}
	return pointers
}
