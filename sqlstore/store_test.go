package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

var example = userstore.ExampleUser()

func named(name string) userstore.Attributes {
	return userstore.Attributes{FirstName: userstore.Value(name)}
}

// nth returns the id that ends in n, which must not be 0.
func nth(n int) uuid.UUID {
	var id uuid.UUID
	id[14], id[15] = byte(n>>8), byte(n)
	return id
}

// create adds the user.
func create(t *testing.T, s *Store, u userstore.User) {
	t.Helper()
	_, err := s.Create(t.Context(), u)
	require.NoError(t, err)
}

// user returns the user in the fake, and whether there is one.
func (f *fake) user(t *testing.T, id uuid.UUID) (userstore.User, bool) {
	t.Helper()
	f.mu.Lock()
	row := slices.Clone(f.committed.rows[id.String()])
	f.mu.Unlock()
	if row == nil {
		return userstore.User{}, false
	}
	u, err := scanUser(scanned(row))
	if err != nil {
		t.Fatal(err)
	}
	return u, true
}

func eachDialect(t *testing.T, test func(*testing.T, *fake)) {
	for _, d := range allDialects {
		t.Run(d.String(), func(t *testing.T) { test(t, newFake(d)) })
	}
}

func TestOperations(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := unchecked(t, f, nil)
		ctx := t.Context()
		if got, err := s.Create(ctx, example); err != nil || got != example {
			t.Fatalf("Create = %v, %v", got, err)
		}
		if _, err := s.Create(ctx, example); !errors.Is(err, userstore.ErrExists) {
			t.Errorf("Create again = %v", err)
		}
		want := example
		want.Attributes = want.Attributes.Merge(named("Ada"))
		if got, err := s.Patch(ctx, example.ID, named("Ada")); err != nil || got != want {
			t.Errorf("Patch = %v, %v", got, err)
		}
		if got, err := s.Patch(ctx, example.ID, userstore.Attributes{}); err != nil || got != want {
			t.Errorf("Patch of nothing = %v, %v", got, err)
		}
		if got, err := s.Get(ctx, example.ID); err != nil || got != want {
			t.Errorf("Get = %v, %v", got, err)
		}
		for range 2 {
			if err := s.Delete(ctx, example.ID); err != nil {
				t.Errorf("Delete = %v", err)
			}
		}
		_, err := s.Get(ctx, example.ID)
		_, patchErr := s.Patch(ctx, example.ID, named("Ada"))
		if !errors.Is(err, userstore.ErrNotFound) || !errors.Is(patchErr, userstore.ErrNotFound) {
			t.Errorf("without the user: Get = %v, Patch = %v", err, patchErr)
		}
	})
}

// A page begins where the last one ended, even if that was full.
func TestAllReadsEveryPage(t *testing.T) {
	for _, n := range []int{0, 1, pageSize - 1, pageSize, pageSize + 1, 2*pageSize + 3} {
		f := newFake(PostgreSQL)
		for i := range n {
			f.committed.rows[nth(i+1).String()] = values(insertArgs(userstore.User{ID: nth(i + 1)}, PostgreSQL.engine().timeLayout))
		}
		s := open(t, f, nil)
		got := 0
		for u, err := range s.All(t.Context()) {
			if got++; err != nil || u.ID != nth(got) {
				t.Fatalf("of %d, user %d is %v, %v", n, got, u.ID, err)
			}
		}
		if want := n/pageSize + 1; got != n || f.count("query", "SELECT") != want {
			t.Errorf("%d users of %d in %d pages, want %d", got, n, f.count("query", "SELECT"), want)
		}
	}
}

func TestAllEnds(t *testing.T) {
	f := newFake(PostgreSQL)
	f.before = func(_ context.Context, s event) error {
		if s.is("query", "SELECT") {
			return failures[PostgreSQL]
		}
		return nil
	}
	s := open(t, f, nil)
	n := 0
	for _, err := range s.All(t.Context()) {
		if n++; err == nil {
			t.Error("no error")
		}
	}
	if n != 1 {
		t.Errorf("%d errors", n)
	}
}

func TestNewRefuses(t *testing.T) {
	db := open(t, newFake(SQLite), nil).db
	if _, err := New(nil, SQLite, nil); err == nil {
		t.Error("no error without a database")
	}
	if _, err := New(db, Dialect(0), nil); err == nil {
		t.Error("no error without a dialect")
	}
	_, err := Migrations(Dialect(0), nil)
	require.Error(t, err, "no error of Migrations without a dialect")
}

func TestFormatShowsNothing(t *testing.T) {
	s := open(t, newFake(SQLite), nil)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, s); got != "sqlstore.Store" {
			t.Errorf("%s = %s", verb, got)
		}
	}
}

// A context that is done comes before any other error, as in every Store.
func TestDoneContext(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := unchecked(t, f, nil)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		bad := named("\x00")
		calls := map[string]func() error{
			"Get":            func() error { _, err := s.Get(ctx, example.ID); return err },
			"Patch":          func() error { _, err := s.Patch(ctx, example.ID, named("Ada")); return err },
			"Patch, invalid": func() error { _, err := s.Patch(ctx, example.ID, bad); return err },
			"Patch, empty":   func() error { _, err := s.Patch(ctx, example.ID, userstore.Attributes{}); return err },
			"Create":         func() error { _, err := s.Create(ctx, example); return err },
			"Create, invalid": func() error {
				_, err := s.Create(ctx, userstore.User{ID: example.ID, Attributes: bad})
				return err
			},
			"Delete": func() error { return s.Delete(ctx, example.ID) },
			"Check":  func() error { return s.Check(ctx) },
			"All": func() (err error) {
				for _, err = range s.All(ctx) {
				}
				return err
			},
		}
		for name, call := range calls {
			if err := call(); !errors.Is(err, context.Canceled) {
				t.Errorf("%s = %v", name, err)
			}
		}
		if got := f.taken(); len(got) > 0 {
			t.Errorf("sent: %v", got)
		}
	})
}

// Many odd shapes do not fill the database with prepared statements.
func TestPreparedStatementsAreBounded(t *testing.T) {
	f := newFake(MySQL)
	s := open(t, f, nil)
	create(t, s, example)
	for set := 1; set <= 2*maxShapes; set++ {
		var patch userstore.Attributes
		for i, p := range allPlaces[:8] {
			if set&(1<<i) != 0 {
				patch = patch.Merge(p.attributes("x"))
			}
		}
		_, err := s.Patch(t.Context(), example.ID, patch)
		require.NoError(t, err)
	}
	if f.prepared != maxShapes {
		t.Errorf("%d statements are prepared, not %d", f.prepared, maxShapes)
	}
	expectPreparedAhead(t, f)
}

// expectPreparedAhead fails if a transaction prepares after it has written: on Galera
// that loses a conflict.
func expectPreparedAhead(t *testing.T, f *fake) {
	t.Helper()
	wrote := false
	for _, e := range f.events {
		switch e.do {
		case "begin", "commit", "rollback":
			wrote = false
		case "exec":
			wrote = true
		case "prepare":
			if wrote {
				t.Fatalf("prepared after a write: %s", e.text)
			}
		}
	}
}
