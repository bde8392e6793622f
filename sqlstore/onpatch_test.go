package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// withOutbox adds a row to the outbox for each patch, and then calls then.
func withOutbox(then func(userstore.Change) error) *Options {
	return &Options{OnPatch: func(ctx context.Context, tx *sql.Tx, change userstore.Change) error {
		if _, err := tx.ExecContext(ctx, insertOutbox); err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		return then(change)
	}}
}

func renamed(name string) userstore.Change {
	c := userstore.Change{Before: example, After: example}
	c.After.Attributes = example.Attributes.Merge(named(name))
	return c
}

func TestOnPatch(t *testing.T) {
	steps := map[Dialect][]string{
		SQLite:     {"begin", "exec UPDATE", "query SELECT", "query UPDATE", "exec INSERT", "commit"},
		PostgreSQL: {"begin", "query SELECT", "query UPDATE", "exec INSERT", "commit"},
		MySQL:      {"begin", "query SELECT", "exec UPDATE", "query SELECT", "exec INSERT", "commit"},
		MariaDB:    {"begin", "query SELECT", "exec UPDATE", "query SELECT", "exec INSERT", "commit"},
	}
	eachDialect(t, func(t *testing.T, f *fake) {
		var got []userstore.Change
		s := open(t, f, withOutbox(func(c userstore.Change) error {
			got = append(got, c)
			return nil
		}))
		create(t, s, example)
		before := len(f.verbs())
		_, err := s.Patch(t.Context(), example.ID, named("Ada"))
		require.NoError(t, err)
		_, err = s.Patch(t.Context(), example.ID, userstore.Attributes{Address: userstore.Value(userstore.Address{})})
		require.NoError(t, err)
		if diff := cmp.Diff(steps[f.dialect], f.verbs()[before:][:len(steps[f.dialect])]); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		f.expect(t, "Ada", 1)
		if len(got) != 1 || got[0] != renamed("Ada") {
			t.Errorf("told %v", got)
		}
	})
}

// An error of the hook undoes the patch, and is the caller's.
func TestOnPatchRefuses(t *testing.T) {
	for _, own := range []error{errOfHost, fmt.Errorf("no: %w", &userstore.InvalidError{})} {
		eachDialect(t, func(t *testing.T, f *fake) {
			s := open(t, f, withOutbox(func(userstore.Change) error { return own }))
			create(t, s, example)
			if _, err := s.Patch(t.Context(), example.ID, named("Ada")); err != own {
				t.Errorf("%v became %v", own, err)
			}
			err := s.Transact(t.Context(), func(ctx context.Context, _ *sql.Tx, users *Tx) error {
				_, err := users.Patch(ctx, example.ID, named("Ada"))
				return err
			})
			if err != own {
				t.Errorf("in a transaction, %v became %v", own, err)
			}
			f.expect(t, "John", 0)
		})
	}
}

// A failure of one of the hook's statements is one of the patch.
func TestOnPatchIsRetried(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, f, withOutbox(func(userstore.Change) error { return nil }))
			create(t, s, example)
			left := 2
			f.before = func(_ context.Context, e event) error {
				if e.text == insertOutbox && left > 0 {
					left--
					return conflicts[f.dialect]
				}
				return nil
			}
			_, err := s.Patch(t.Context(), example.ID, named("Ada"))
			require.NoError(t, err)
			f.expect(t, "Ada", 1)
			f.before = func(_ context.Context, e event) error {
				if e.text == insertOutbox {
					return failures[f.dialect]
				}
				return nil
			}
			_, err = s.Patch(t.Context(), example.ID, named("Eve"))
			var e *Error
			if !errors.As(err, &e) || e.Op != "patch" || !errors.Is(err, ErrUnavailable) {
				t.Errorf("%v", err)
			}
			f.expect(t, "Ada", 1)
		})
	})
}

// A panic of the hook undoes the patch, and goes on where Patch was called.
func TestOnPatchPanics(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, withOutbox(func(userstore.Change) error { panic(errOfHost) }))
		create(t, s, example)
		for _, patch := range []func(){
			func() { s.Patch(t.Context(), example.ID, named("Ada")) },
			func() { s.Transact(t.Context(), renameWithOutbox("Ada")) },
		} {
			func() {
				defer func() {
					if v := recover(); v != errOfHost {
						t.Errorf("recovered %v", v)
					}
				}()
				patch()
			}()
		}
		f.expect(t, "John", 0)
	})
}

// Patches with a hook share a commit, and what the hook of one does concerns no other.
func TestOnPatchInAGroup(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return errOfHost },
		"panic": func() error { panic(errOfHost) },
	} {
		for _, bad := range []int{1, 3} { // the first leads
			synctest.Test(t, func(t *testing.T) {
				c := newCrowd(t, 0)
				for i := range 5 {
					id := nth(i + 1)
					for _, rows := range []map[string][]driver.Value{c.fake.committed.rows, c.fake.conns[0].tx.own.rows} {
						rows[id.String()] = fakeRow(userstore.User{ID: id}, SQLite.engine().timeLayout)
					}
				}
				c.store.opts.OnPatch = withOutbox(func(change userstore.Change) error {
					if change.After.ID == nth(bad) {
						return fail()
					}
					return nil
				}).OnPatch
				for i := range 5 {
					c.start(t.Context(), i+1)
					synctest.Wait()
				}
				c.finish()
				c.expect(errOfHost, bad)
				if got := c.fake.committed.outbox; got != 4 {
					t.Errorf("%s of %d: %d rows in the outbox", name, bad, got)
				}
			})
		}
	}
}

func TestPatchTellsWhatChanged(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, nil)
		create(t, s, example)
		for _, tt := range []struct {
			name  string
			patch userstore.Attributes
			want  userstore.Change
			err   error
		}{
			{"renamed", named("Ada"), renamed("Ada"), nil},
			{"nothing", userstore.Attributes{}, userstore.Change{Before: renamed("Ada").After, After: renamed("Ada").After}, nil},
			{"the same", named("Ada"), userstore.Change{Before: renamed("Ada").After, After: renamed("Ada").After}, nil},
			{"refused", named("\x00"), userstore.Change{}, userstore.ErrInvalid},
		} {
			var got userstore.Change
			_, err := s.Patch(userstore.WithChange(t.Context(), &got), example.ID, tt.patch)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%s: told %v; %v", tt.name, got, err)
			}
		}
		var got userstore.Change
		ctx := userstore.WithChange(t.Context(), &got)
		_, err := s.Patch(ctx, nth(9), named("Ada"))
		if !errors.Is(err, userstore.ErrNotFound) || got != (userstore.Change{}) {
			t.Errorf("no user: told %v; %v", got, err)
		}
		require.NoError(t, s.Transact(ctx, renameWithOutbox("John")))
		if (got != userstore.Change{Before: renamed("Ada").After, After: example}) {
			t.Errorf("in a transaction: told %v", got)
		}
	})
}

// The hook is not asked, and what it does is not what the caller asks for.
func TestOnPatchDoesNotTell(t *testing.T) {
	inner := false
	s := open(t, newFake(PostgreSQL), nil)
	s.opts.OnPatch = func(ctx context.Context, tx *sql.Tx, _ userstore.Change) (err error) {
		if userstore.ChangeIn(ctx) != nil {
			t.Error("the hook is asked")
		}
		if !inner {
			inner = true
			_, err = s.WithTx(tx).Patch(ctx, nth(2), named("Eve"))
		}
		return err
	}
	create(t, s, example)
	create(t, s, userstore.User{ID: nth(2)})
	var got userstore.Change
	_, err := s.Patch(userstore.WithChange(t.Context(), &got), example.ID, named("Ada"))
	require.NoError(t, err)
	if got != renamed("Ada") {
		t.Errorf("told %v", got)
	}
}

// In a transaction of the host's, too, SQLite's write lock comes before the read.
func TestOnPatchWithTx(t *testing.T) {
	f := newFake(SQLite)
	s := open(t, f, withOutbox(func(userstore.Change) error { return nil }))
	create(t, s, example)
	before := len(f.verbs())
	inTx(t, s, func(users *Tx) {
		_, err := users.Patch(t.Context(), example.ID, named("Ada"))
		require.NoError(t, err)
	})
	want := []string{"begin", "exec UPDATE", "query SELECT", "query UPDATE", "exec INSERT", "commit"}
	if diff := cmp.Diff(want, f.verbs()[before:]); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	f.expect(t, "Ada", 1)
}
