package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// expectProblem fails unless the error of Check, and of every other call, says so.
func expectProblem(t *testing.T, s *Store, want string) {
	t.Helper()
	for name, call := range map[string]func() error{
		"Check":  func() error { return s.Check(t.Context()) },
		"Get":    func() error { _, err := s.Get(t.Context(), example.ID); return err },
		"Patch":  func() error { _, err := s.Patch(t.Context(), example.ID, named("Ada")); return err },
		"Create": func() error { _, err := s.Create(t.Context(), example); return err },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s = %v, want %q", name, err, want)
		}
	}
}

func TestCheckNamesTheProblem(t *testing.T) {
	for _, d := range allDialects {
		tests := map[string]struct {
			set  func(*fake)
			want string
		}{
			"a table is missing": {func(f *fake) { f.committed.table = false }, "the table users, or a column of it, is missing"},
			"a newer schema":     {func(f *fake) { f.committed.version = 99 }, "has version 99"},
			"another engine, which does not know the question": {func(f *fake) {
				f.before = func(_ context.Context, e event) error {
					if e.text == d.engine().versionQuery {
						return failures[d]
					}
					return nil
				}
			}, "the database is not " + d.String()},
		}
		if d.engine().versionHolds != "" {
			tests["another engine"] = struct {
				set  func(*fake)
				want string
			}{answering(0, d.engine().versionQuery, "Sqlite-like 1.0"), "the database is not " + d.String()}
		}
		for _, s := range append(d.engine().settings, d.engine().tableSettings...) {
			for _, conn := range []int{0, 2} { // 0 for all, or the second one
				if conn > 0 && slices.ContainsFunc(d.engine().tableSettings, func(of setting) bool { return of.want == s.want }) {
					continue
				}
				tests[fmt.Sprintf("%s at %d", s.want, conn)] = struct {
					set  func(*fake)
					want string
				}{answering(conn, d.engine().fillIn(s.query, "users"), s.bad()), s.want}
			}
		}
		for name, tt := range tests {
			t.Run(d.String()+"/"+name, func(t *testing.T) {
				f := newFake(d)
				tt.set(f)
				expectProblem(t, unchecked(t, f, nil), tt.want)
				if n := f.count("exec", "UPDATE") + f.count("query", "UPDATE"); n > 0 {
					t.Errorf("%d patches were sent all the same", n)
				}
			})
		}
	}
}

// How the table is kept may go unasked for lack of a right, and for no other reason.
func TestCheckWithoutTheCatalog(t *testing.T) {
	for code, passes := range map[string]bool{"42501": true, "42883": false} {
		f := newFake(PostgreSQL)
		asked := PostgreSQL.engine().fillIn(persistence, "users")
		f.before = func(_ context.Context, e event) error {
			if e.text == asked {
				return &pgxError{Code: code}
			}
			return nil
		}
		if err := unchecked(t, f, nil).Check(t.Context()); (err == nil) != passes || f.count("query", asked) == 0 {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// bad returns a wrong answer that differs little from a good one.
func (s setting) bad() string {
	for _, answer := range bad[s.query] {
		if !s.ok(answer) {
			return answer
		}
	}
	panic("there is no bad answer to " + s.query)
}

var bad = map[string][]string{
	"PRAGMA {prefix}journal_mode": {"delete"}, "PRAGMA {prefix}synchronous": {"1"}, "PRAGMA busy_timeout": {"99"},
	"PRAGMA {prefix}locking_mode": {"exclusive"}, SQLite.engine().tableSettings[0].query: {"1"},
	"SHOW server_encoding": {"SQL_ASCII"}, "SHOW synchronous_commit": {"off"}, "SHOW client_encoding": {"LATIN1"}, "SHOW fsync": {"off"},
	persistence:                                 {"t", "pu"},
	mayMakeDurable:                              {"false"},
	"SELECT @@SESSION.sql_mode":                 {"ONLY_FULL_GROUP_BY,NO_ZERO_DATE", "STRICT_TRANS_TABLES,EMPTY_STRING_IS_NULL"},
	"SELECT @@SESSION.autocommit":               {"0"},
	"SELECT @@SESSION.completion_type":          {"CHAIN"},
	isolation:                                   {"READ-UNCOMMITTED"},
	"SELECT @@SESSION.character_set_client":     {"utf8mb3"},
	"SELECT @@SESSION.character_set_connection": {"latin1"},
	"SELECT @@SESSION.character_set_results":    {"utf8"},
	"SHOW GLOBAL VARIABLES LIKE 'innodb_flush_log_at_trx_commit'": {"2"},
	"SELECT IF(@@GLOBAL.log_bin, @@GLOBAL.sync_binlog, 1)":        {"0"},
	"SHOW GLOBAL VARIABLES LIKE 'innodb_flush_method'":            {"nosync"},
	"SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'":           {"OFF"},
	MySQL.engine().tableSettings[0].query:                         {"BASE TABLE MEMORY"},
}

// If the host accepts data loss, settings that can only lose patches pass, and no
// others. A Galera cluster may flush later.
func TestCheckAcceptsLoss(t *testing.T) {
	for _, d := range allDialects {
		for _, s := range append(d.engine().settings, d.engine().tableSettings...) {
			wrong := answering(0, d.engine().fillIn(s.query, "users"), s.bad())
			f := newFake(d)
			wrong(f)
			if err := unchecked(t, f, &Options{AcceptDataLoss: true}).Check(t.Context()); (err == nil) != s.losesData {
				t.Errorf("%v, %s, accepted: %v", d, s.want, err)
			}
			f = newFake(d)
			wrong(f)
			one := f.answer
			f.answer = func(conn int, q string) (string, bool) {
				if q == galeraStatus {
					return "Primary", true
				}
				return one(conn, q)
			}
			if err := unchecked(t, f, nil).Check(t.Context()); (err == nil) != (s.unlessPrimary != "") {
				t.Errorf("%v, %s, in a cluster: %v", d, s.want, err)
			}
		}
	}
}

// Check notices what the database does to a value.
func TestCheckOfValues(t *testing.T) {
	lastName, createdAt := slices.Index(columnNames, "last_name"), slices.Index(columnNames, "created_at")
	const probeRow, echoRow, measureRow = 2 + len(columns) + numbers, 3, 1
	for name, tt := range map[string]struct {
		width, at int // of the row, and of the value in it
		value     driver.Value
		want      string
	}{
		"another text":          {echoRow, 1, "Zo", "texts do not arrive"},
		"NULL":                  {echoRow, 1, nil, "texts do not arrive"},
		"other lengths":         {echoRow, 2, "1 2", "texts do not arrive"},
		"no time":               {echoRow, 0, "01.01.1970 00:00:00.123456 UTC", "times do not arrive"},
		"another time":          {echoRow, 0, "1970-01-01T00:00:00.123000Z", "times do not arrive"},
		"a column":              {probeRow, lastName, "Zo", "differs in last_name"},
		"a column's time":       {probeRow, createdAt, "1970-01-01T00:00:00.123000Z", "differs in created_at"},
		"a column's characters": {measureRow, 0, "1 2", "keeps other characters"},
	} {
		eachDialect(t, func(t *testing.T, f *fake) {
			f.rewrite = func(text string, row []driver.Value) {
				if len(row) == tt.width {
					row[tt.at] = tt.value
				}
			}
			for opts, want := range map[*Options]string{nil: tt.want, {AllowRewrites: true}: map[bool]string{true: tt.want}[tt.width == echoRow]} {
				if err := unchecked(t, f, opts).Check(t.Context()); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("%s, %+v: %v, want %q", name, opts, err, want)
				}
			}
		})
	}
}

// answering sets the answer of a connection, or of all if it is 0.
func answering(conn int, query, answer string) func(*fake) {
	return func(f *fake) {
		f.answer = func(c int, q string) (string, bool) { return answer, q == query && (conn == 0 || c == conn) }
	}
}

// Queries are about the Store's table.
func TestQuestionsAboutTheTable(t *testing.T) {
	const all = "{table} {name} {schema} {prefix}x"
	for table, want := range map[string]string{
		"users":     `"users" users DATABASE() x`,
		"app.Users": `"app"."Users" Users 'app' "app".x`,
	} {
		if got := SQLite.engine().fillIn(all, table); got != want {
			t.Errorf("%s: %s, want %s", table, got, want)
		}
	}
}

func TestCheckNamesAllSettings(t *testing.T) {
	f := newFake(SQLite)
	f.answer = func(_ int, q string) (string, bool) {
		for _, s := range SQLite.engine().settings {
			if SQLite.engine().fillIn(s.query, "users") == q {
				return s.bad(), true
			}
		}
		return "", false
	}
	err := unchecked(t, f, nil).Check(t.Context())
	for _, s := range SQLite.engine().settings {
		if err == nil || !strings.Contains(err.Error(), s.want) {
			t.Errorf("%v lacks %q", err, s.want)
		}
	}
}

func TestCheckOfThePool(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := unchecked(t, f, nil)
		s.db.SetMaxOpenConns(1)
		if f.dialect == SQLite {
			expectProblem(t, s, "two connections")
			s.db.SetMaxOpenConns(2)
		}
		require.NoError(t, s.Check(t.Context()))
	})
}

// A driver that does not roll back is refused, and the probe is removed.
func TestCheckOfRollback(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.ignoreRollback = true
		s := unchecked(t, f, nil)
		// It does not matter to a read.
		if _, err := s.Get(t.Context(), example.ID); !errors.Is(err, userstore.ErrNotFound) {
			t.Errorf("Get = %v", err)
		}
		for range 2 {
			if _, err := s.Patch(t.Context(), example.ID, named("Ada")); err == nil || !strings.Contains(err.Error(), "does not keep transactions") {
				t.Errorf("Patch = %v", err)
			}
		}
		if n := len(f.committed.rows); n > 0 {
			t.Errorf("%d rows are left", n)
		}
		f.ignoreRollback = false
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if n := len(f.committed.rows); n > 0 {
			t.Errorf("%d rows are left by a check that succeeded", n)
		}
	})
}

// A check removes what a killed one left behind.
func TestCheckAfterOneThatWasKilled(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.committed.rows[uuid.Nil.String()] = values(insertArgs(probe, f.dialect.engine().timeLayout))
		s := unchecked(t, f, nil)
		if err := s.Check(t.Context()); errors.Is(err, userstore.ErrExists) {
			t.Error(err)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("the second one: %v", err)
		}
		if n := len(f.committed.rows); n > 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// The host's constraints may refuse the probe.
func TestCheckWithAConstraint(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.failing(refusals[f.dialect])
		require.NoError(t, unchecked(t, f, nil).Check(t.Context()))
	})
}

// A host that migrates with its own tool has no table of versions.
func TestCheckWithoutVersions(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.committed.version = -1
		require.NoError(t, unchecked(t, f, nil).Check(t.Context()))
	})
}

// The database is checked until it is fit, and then no more.
func TestCheckedOnce(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.committed.table = false
		s := unchecked(t, f, nil)
		asked := func() int { return f.count("query", f.dialect.engine().versionQuery) }
		for range 2 {
			_, err := s.Patch(t.Context(), example.ID, named("Ada"))
			require.Error(t, err)
		}
		if n := asked(); n != 2 {
			t.Errorf("asked %d times", n)
		}
		f.committed.table = true
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				if _, err := s.Create(t.Context(), userstore.User{ID: nth(i + 1)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := asked(); n != 3 {
			t.Errorf("asked %d times", n)
		}
	})
}

// Checks need two connections each, but take turns.
func TestChecksAtOnce(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		synctest.Test(t, func(t *testing.T) {
			s := unchecked(t, f, nil)
			s.db.SetMaxOpenConns(2)
			f.before = func(context.Context, event) error {
				time.Sleep(time.Millisecond)
				return nil
			}
			begin := time.Now()
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					if err := s.Check(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Go(func() {
				if _, err := s.Patch(t.Context(), example.ID, named("Ada")); !errors.Is(err, userstore.ErrNotFound) {
					t.Error(err)
				}
			})
			wg.Wait()
			if took := time.Since(begin); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	})
}

// A row that cannot be read back is a failure, and no other check hides it.
func TestCheckCannotReadTheRow(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.before = func(_ context.Context, e event) error {
			if e.is("query", "SELECT id") && len(f.writer) > 0 {
				return failures[f.dialect]
			}
			return nil
		}
		if err := unchecked(t, f, nil).Check(t.Context()); !errors.Is(err, ErrUnavailable) {
			t.Error(err)
		}
	})
}
