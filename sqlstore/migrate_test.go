package sqlstore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// empty is a fake without tables.
func empty(d Dialect) *fake {
	f := newFake(d)
	f.committed.table, f.committed.version = false, -1
	return f
}

func TestMigrate(t *testing.T) {
	for _, d := range allDialects {
		t.Run(d.String(), func(t *testing.T) {
			f := empty(d)
			s := unchecked(t, f, nil)
			for range 3 {
				require.NoError(t, s.Migrate(t.Context()))
			}
			if !f.committed.table || f.committed.version != 1 {
				t.Errorf("table: %t, version: %d", f.committed.table, f.committed.version)
			}
			if n := f.count("exec", "CREATE TABLE IF NOT EXISTS "+s.texts.table+" ("); n != 1 {
				t.Errorf("the table was created %d times", n)
			}
			require.NoError(t, s.Check(t.Context()))
		})
	}
}

var twoMigrations = []Migration{
	{1, "one", "CREATE TABLE IF NOT EXISTS a (\n\tx TEXT -- a;b\n);\nCREATE TABLE IF NOT EXISTS b (x TEXT);\n"},
	{2, "two", "CREATE TABLE IF NOT EXISTS c (x TEXT);"},
}

// Whichever statement a migration was cut off at, the next call does the rest.
func TestMigrateResumes(t *testing.T) {
	for _, d := range allDialects {
		for cut := 1; ; cut++ {
			f := empty(d)
			s := unchecked(t, f, nil)
			n := 0
			f.before = func(_ context.Context, e event) error {
				if e.do == "exec" && e.text != "ROLLBACK" && !strings.HasPrefix(e.text, "DO ") {
					if n++; n == cut {
						return failures[d]
					}
				}
				return nil
			}
			if err := s.migrateTo(t.Context(), twoMigrations); err == nil {
				if cut < 7 {
					t.Errorf("%v has only %d statements", d, cut-1)
				}
				break
			}
			f.before = nil
			if err := s.migrateTo(t.Context(), twoMigrations); err != nil {
				t.Errorf("%v, after statement %d: %v", d, cut, err)
			}
			if !f.committed.table || f.committed.version != 2 {
				t.Errorf("%v, after statement %d: version %d", d, cut, f.committed.version)
			}
		}
	}
}

func TestMigrateAppliesWhatIsMissing(t *testing.T) {
	f := newFake(MySQL)
	require.NoError(t, unchecked(t, f, nil).migrateTo(t.Context(), twoMigrations))
	if first, second := f.count("exec", "CREATE TABLE IF NOT EXISTS a"), f.count("exec", "CREATE TABLE IF NOT EXISTS c"); first != 0 || second != 1 {
		t.Errorf("the first was applied %d times, the second %d times", first, second)
	}
}

func TestMigrateSendsOneStatementAtATime(t *testing.T) {
	f := empty(MySQL)
	require.NoError(t, unchecked(t, f, nil).migrateTo(t.Context(), twoMigrations))
	var got []string
	for _, e := range f.events {
		if e.is("exec", "CREATE") {
			got = append(got, strings.TrimSuffix(e.text, ";"))
		}
	}
	want := []string{
		"CREATE TABLE IF NOT EXISTS `users_schema` (version INTEGER NOT NULL PRIMARY KEY)",
		"CREATE TABLE IF NOT EXISTS a (\n\tx TEXT -- a;b\n)",
		"CREATE TABLE IF NOT EXISTS b (x TEXT)",
		"CREATE TABLE IF NOT EXISTS c (x TEXT)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMigrateRefusesANewerSchema(t *testing.T) {
	for _, d := range allDialects {
		for _, undone := range []bool{true, false} {
			f := newFake(d)
			f.committed.version = 2
			f.before = func(_ context.Context, e event) error {
				if !undone && (e.is("exec", "ROLLBACK") || e.is("exec", "DO ")) {
					return failures[d]
				}
				return nil
			}
			err := unchecked(t, f, nil).Migrate(t.Context())
			if err == nil || !strings.Contains(err.Error(), "has version 2, and this program knows only 1") {
				t.Errorf("%v: %v", d, err)
			}
			if got := len(f.dropped()); (got == 0) != undone {
				t.Errorf("%v: %d connections were dropped, and undoing succeeded: %t", d, got, undone)
			}
		}
	}
}

// Only one process migrates at a time.
func TestMigrateLocks(t *testing.T) {
	want := map[Dialect][]string{
		SQLite:     {"exec BEGIN IMMEDIATE", "exec COMMIT"},
		PostgreSQL: {"exec BEGIN", "exec SELECT pg_advisory_xact_lock(hashtext('\"users_schema\"'))", "exec COMMIT"},
		MySQL:      {"query SELECT GET_LOCK(?, ?)", "exec DO RELEASE_LOCK(?)"},
		MariaDB:    {"query SELECT GET_LOCK(?, ?)", "exec DO RELEASE_LOCK(?)"},
	}
	for _, d := range allDialects {
		f := empty(d)
		require.NoError(t, unchecked(t, f, nil).Migrate(t.Context()))
		var got []string
		for _, e := range f.events {
			text := e.do + " " + e.text
			if slices.Contains(want[d], text) {
				got = append(got, text)
			}
			if e.is("exec", "CREATE") && len(got) != len(want[d])-1 {
				t.Errorf("%v: not locked at %s", d, e.text)
			}
		}
		if diff := cmp.Diff(want[d], got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", d, diff)
		}
	}
}

// A server that hangs while Migrate gives the lock back keeps it no longer than the
// grace.
func TestMigrateGivesUpItsUndo(t *testing.T) {
	for _, d := range allDialects {
		t.Run(d.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := empty(d)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				hung := false
				f.before = func(ctx context.Context, e event) error {
					switch {
					case e.is("exec", "CREATE TABLE"):
						cancel()
						return ctx.Err()
					case e.is("exec", "ROLLBACK"), e.is("exec", "DO RELEASE_LOCK"):
						hung = true
						<-ctx.Done()
						return ctx.Err()
					}
					return nil
				}
				if err := unchecked(t, f, nil).Migrate(ctx); !errors.Is(err, context.Canceled) || !hung {
					t.Errorf("Migrate = %v; hung: %v", err, hung)
				}
				if got := f.dropped(); len(got) != 1 {
					t.Errorf("dropped %v", got)
				}
			})
		})
	}
}

func TestMigrateWithoutTheLock(t *testing.T) {
	f := empty(MySQL)
	answering(0, "SELECT GET_LOCK(?, ?)", "0")(f)
	err := unchecked(t, f, nil).Migrate(t.Context())
	if err == nil || !strings.Contains(err.Error(), "another process") || f.committed.table {
		t.Errorf("%v, table: %t", err, f.committed.table)
	}
}

func TestMigrateAnotherEngine(t *testing.T) {
	f := empty(SQLite)
	answering(0, SQLite.engine().versionQuery, "PostgreSQL 15")(f)
	err := unchecked(t, f, nil).Migrate(t.Context())
	if err == nil || !strings.Contains(err.Error(), "the database is not SQLite") || f.count("exec", "") > 0 {
		t.Errorf("%v", err)
	}
}

func TestMigrationFiles(t *testing.T) {
	for _, d := range allDialects {
		all, err := Migrations(d, nil)
		require.NoError(t, err)
		for i, m := range all {
			if m.Version != i+1 || m.Name == "" || strings.Contains(m.SQL, "{") || !strings.HasSuffix(m.SQL, ";\n") {
				t.Errorf("%v: migration %d is %+v", d, i+1, m)
			}
		}
	}
	for _, names := range [][]string{{}, {"0002_b"}, {"0001_a", "0003_c"}, {"0001_a", "0001_b"}, {"a"}, {"0000_a"}} {
		files := fstest.MapFS{}
		for _, name := range names {
			files["migrations/sqlite/"+name+".sql"] = &fstest.MapFile{Data: []byte("x;\n")}
		}
		if all, err := migrationsIn(files, SQLite.engine(), DefaultTable, migrated); err == nil {
			t.Errorf("%v became %v", names, all)
		}
	}
}

// If nothing is missing, Migrate needs no right to create, and no lock.
func TestMigrateAgain(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		if err := unchecked(t, f, nil).migrateTo(t.Context(), twoMigrations[:1]); err != nil {
			t.Fatal(err)
		}
		if n := f.count("exec", ""); n > 0 {
			t.Errorf("%d statements were executed", n)
		}
	})
}

// A table that was dropped comes back, although its version is still recorded.
func TestMigrateOfADroppedTable(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.committed.table = false
		if err := unchecked(t, f, nil).Migrate(t.Context()); err != nil || !f.committed.table {
			t.Errorf("%v, table: %t", err, f.committed.table)
		}
	})
}

func TestMisnumberedMigration(t *testing.T) {
	files := fstest.MapFS{"migrations/sqlite/0001_a.sql": {Data: []byte("x;\n")}, "migrations/sqlite/0003_c.sql": {Data: []byte("x;\n")}}
	_, err := migrationsIn(files, SQLite.engine(), DefaultTable, migrated)
	if want := "sqlstore: the migration migrations/sqlite/0003_c.sql is not number 2"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
