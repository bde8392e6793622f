package sqlstore

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

var update = flag.Bool("update", false, "write testdata")

// The statements of every dialect, as they are sent. It takes no server to see that
// they are the engine's.
func TestStatements(t *testing.T) {
	for _, d := range allDialects {
		t.Run(d.String(), func(t *testing.T) {
			golden(t, strings.ToLower(d.String())+".sql", printed(t, d))
		})
	}
}

func printed(t *testing.T, d Dialect) string {
	s := newStatements(d.engine(), "users", migrated)
	all := assign(example.ID, example.Attributes.Scalars())
	two := assign(example.ID, userstore.Attributes{
		FirstName: userstore.Value(""),
		Address:   userstore.Value(userstore.Address{HouseNo: userstore.Null[userstore.TextOrInt]()}),
	}.Scalars())
	address := assign(example.ID, userstore.Attributes{Address: userstore.Null[userstore.Address]()}.Scalars())
	qualified := newStatements(d.engine(), "app.Users_2", migrated)
	var b strings.Builder
	for _, part := range []struct{ title, text string }{
		{"get", s.get}, {"lock", s.lock}, {"take the write lock", s.takeLock}, {"insert", s.insert}, {"insert, unless the id is taken", s.insertNew}, {"insert of two", s.writeInsertMany(2)}, {"replace", s.replace}, {"delete", s.delete}, {"page", s.page},
		{"patch of two attributes", s.update(two.set)}, {"patch of all", s.update(all.set)}, {"patch of an address that is null", s.update(address.set)},
		{"delete, in a schema", qualified.delete},
	} {
		if part.text != "" {
			fmt.Fprintf(&b, "-- %s\n%s;\n\n", part.title, part.text)
		}
	}
	migrations, err := Migrations(d, &Options{Table: "app.Users_2"})
	require.NoError(t, err)
	for _, m := range migrations {
		fmt.Fprintf(&b, "-- migration %d, %s\n%s", m.Version, m.Name, m.SQL)
	}
	return b.String() + printedMapped(t, d)
}

// printedMapped prints the statements for a mapping that uses every field.
func printedMapped(t *testing.T, d Dialect) string {
	opts := &Options{Table: "app.accounts", Mapping: accounts()}
	l, err := opts.Mapping.layout()
	require.NoError(t, err)
	s := newStatements(d.engine(), opts.Table, l)
	patch := l.assign(example.ID, userstore.Attributes{
		Email:   userstore.Value(""),
		Address: userstore.Value(userstore.Address{HouseNo: userstore.Null[userstore.TextOrInt](), PostalCode: userstore.Value(userstore.Text(""))}),
	}.Scalars(), []any{1})
	var b strings.Builder
	for _, part := range []struct{ title, text string }{
		{"get", s.get}, {"lock", s.lock}, {"take the write lock", s.takeLock}, {"insert", s.insert}, {"replace", s.replace},
		{"delete", s.delete}, {"page", s.page}, {"a user for Check", s.any}, {"measure", s.measure}, {"patch", s.update(patch.set)},
	} {
		if part.text != "" {
			fmt.Fprintf(&b, "\n-- mapped, %s\n%s;\n", part.title, part.text)
		}
	}
	migrations, err := Migrations(d, opts)
	require.NoError(t, err)
	for _, m := range migrations {
		fmt.Fprintf(&b, "\n-- mapped, migration %d, %s\n%s", m.Version, m.Name, m.SQL)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; go test -update writes it):\n%s", path, d)
	}
}

// countPlaceholders returns how many arguments the statement takes.
func countPlaceholders(d Dialect, text string) int {
	return strings.Count(text, d.engine().placeholder(1)[:1])
}

// Each set of columns has a statement that takes exactly its arguments.
func TestEverySetOfColumns(t *testing.T) {
	all := example.Attributes.Scalars()
	for set := uint32(1); set < 1<<len(columns); set++ {
		var some userstore.Scalars
		for i := range columns {
			if set&(1<<i) != 0 {
				some[i] = all[i]
			}
		}
		a := assign(example.ID, some)
		args := a.args
		if a.set != set {
			t.Fatalf("%b became %b", set, a.set)
		}
		for _, d := range allDialects {
			text := (&statements{engine: d.engine(), layout: migrated}).writeUpdate(set)
			where := " WHERE id = " + d.engine().placeholder(len(args))
			if n := countPlaceholders(d, text); n != len(args) || !strings.Contains(text+" ", where+" ") {
				t.Fatalf("%v, set %b: %d placeholders for %d arguments: %s", d, set, n, len(args), text)
			}
		}
	}
}

// Many odd shapes do not fill the memory.
func TestKeptShapesAreBounded(t *testing.T) {
	s := newStatements(SQLite.engine(), "users", migrated)
	for set := uint32(1); set < 2*maxShapes; set++ {
		if got, want := s.update(set), s.writeUpdate(set); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if n := len(s.updates); n != maxShapes {
		t.Errorf("%d are kept, not %d", n, maxShapes)
	}
}

func TestWholeRecordsTakeTheirArguments(t *testing.T) {
	for _, d := range allDialects {
		s := newStatements(d.engine(), "users", migrated)
		if n, args := countPlaceholders(d, s.insert), insertArgs(example, d.engine().timeLayout); n != len(args) {
			t.Errorf("%v: %d placeholders for %d arguments", d, n, len(args))
		}
		if n, q := countPlaceholders(d, s.replace), assignAll(example, true, d.engine().timeLayout); n != len(q.args) {
			t.Errorf("%v, replace: %d placeholders for %d arguments", d, n, len(q.args))
		}
	}
}

func TestTableNames(t *testing.T) {
	long := strings.Repeat("a", 48)
	good := map[string]string{
		"users": `"users"`, "Users": `"Users"`, "_u1": `"_u1"`, "select": `"select"`, "app.users": `"app"."users"`,
		long: `"` + long + `"`, long + "." + long: `"` + long + `"."` + long + `"`,
	}
	for name, want := range good {
		if err := validateTable(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := PostgreSQL.engine().quoted(name); got != want {
			t.Errorf("%s is quoted as %s, not %s", name, got, want)
		}
		if got := MySQL.engine().quoted(name); got != strings.ReplaceAll(want, `"`, "`") {
			t.Errorf("%s is quoted as %s in MySQL", name, got)
		}
	}
	bad := []string{
		" ", "1users", "users ", " users", "users\n", "us ers", "us-ers", "users;", `us"ers`, "us`ers", "us'ers", "users--", "üsers",
		".", ".users", "users.", "a.b.c", "a..b", "$1", "{table}", "users\x00", long + "a", long + "a.users", "users." + long + "a",
	}
	for _, name := range bad {
		_, migrationsErr := Migrations(SQLite, &Options{Table: name})
		_, newErr := New(open(t, newFake(SQLite), nil).db, SQLite, &Options{Table: name})
		if migrationsErr == nil || newErr == nil {
			t.Errorf("%q: Migrations = %v, New = %v", name, migrationsErr, newErr)
		}
	}
}

// The engines accept the longest names: 63 bytes in PostgreSQL, 64 characters in
// MySQL.
func TestNamesFit(t *testing.T) {
	long := strings.Repeat("a", 48)
	for _, d := range allDialects {
		s := open(t, newFake(d), &Options{Table: long + "." + long})
		if n := len(s.lockName()); d.engine().placeholder(1) == "?" && n > 64 {
			t.Errorf("%v: a lock's name of %d characters", d, n)
		}
		for part := range strings.SplitSeq(s.versionTable(), ".") {
			if n := len(strings.Trim(part, "`\"")); n > 63 {
				t.Errorf("%v: a name of %d bytes", d, n)
			}
		}
	}
}
