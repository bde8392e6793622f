package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// verbs returns the events without the numbers of the connections.
func (f *fake) verbs() []string {
	all := f.taken()
	for i, s := range all {
		_, all[i], _ = strings.Cut(s, " ")
	}
	return all
}

// After a failure at any step the table is as it was, and the connection is used
// again only without a transaction, which the fake checks.
func TestFailedTransactionLeavesNothing(t *testing.T) {
	for _, d := range []Dialect{SQLite, MySQL, MariaDB} {
		for _, at := range []string{"begin", "UPDATE", "SELECT", "commit"} {
			for _, effect := range []bool{false, true} {
				if at == "SELECT" && d == SQLite || at == "begin" && effect {
					continue // SQLite does not read; BEGIN has no effect
				}
				t.Run(fmt.Sprintf("%v/%s/%t", d, at, effect), func(t *testing.T) {
					f := newFake(d)
					s := open(t, f, nil)
					create(t, s, example)
					fail := func(e event) error {
						if e.do == at || e.do != "prepare" && e.do != "end" && strings.HasPrefix(e.text, at) {
							return failures[d]
						}
						return nil
					}
					if effect {
						f.after = fail
					} else {
						f.before = func(_ context.Context, e event) error { return fail(e) }
					}
					_, err := s.Patch(t.Context(), example.ID, named("Ada"))
					require.Error(t, err)
					f.before, f.after = nil, nil
					if at == "commit" && effect {
						return // the patch is applied, and the error said that it may be
					}
					if got, _ := f.user(t, example.ID); got != example {
						t.Error(diff(example, got))
					}
					_, err = s.Patch(t.Context(), example.ID, named("Ada"))
					require.NoError(t, err)
				})
			}
		}
	}
}

// If ROLLBACK fails, the connection is closed, whatever it was for.
func TestFailedRollbackDropsTheConnection(t *testing.T) {
	for _, d := range []Dialect{SQLite, MySQL, MariaDB} {
		for name, reason := range map[string]error{"refusal": refusals[d], "failure": failures[d], "not found": nil} {
			t.Run(d.String()+"/"+name, func(t *testing.T) {
				f := newFake(d)
				s := open(t, f, nil)
				f.before = func(_ context.Context, e event) error {
					switch {
					case e.do == "rollback":
						return failures[d]
					case e.is("query", "UPDATE") || e.is("exec", "UPDATE"):
						return reason
					}
					return nil
				}
				_, err := s.Patch(t.Context(), example.ID, named("Ada"))
				if want := reason; err == nil || want != nil && !errors.Is(err, want) || want == nil && !errors.Is(err, userstore.ErrNotFound) {
					t.Errorf("Patch = %v", err)
				}
				if got := f.dropped(); !slices.Equal(got, []int{1}) {
					t.Errorf("dropped %v", got)
				}
			})
		}
	}
}

// In some engines a failed COMMIT leaves the transaction open. It is rolled back, and
// if that fails, the connection is closed.
func TestFailedCommit(t *testing.T) {
	for _, d := range []Dialect{SQLite, MySQL, MariaDB} {
		for _, undone := range []bool{true, false} {
			t.Run(fmt.Sprintf("%v/%t", d, undone), func(t *testing.T) {
				f := newFake(d)
				s := open(t, f, nil)
				create(t, s, example)
				f.before = func(_ context.Context, e event) error {
					if e.do == "commit" || e.is("exec", "ROLLBACK") && !undone {
						return refusals[d]
					}
					return nil
				}
				u, err := s.Patch(t.Context(), example.ID, named("Ada"))
				if !errors.Is(err, userstore.ErrInvalid) || u != (userstore.User{}) {
					t.Errorf("Patch = %v, %v", u, err)
				}
				if got := f.count("exec", "ROLLBACK"); got != 1 {
					t.Errorf("%d times ROLLBACK", got)
				}
				if got := len(f.dropped()); (got == 0) != undone {
					t.Errorf("dropped %d connections", got)
				}
			})
		}
	}
}

// An error that comes after the row counts.
func TestLateError(t *testing.T) {
	f := newFake(PostgreSQL)
	s := open(t, f, nil)
	create(t, s, example)
	f.before = func(_ context.Context, e event) error {
		if e.is("end", "UPDATE") {
			return refusals[PostgreSQL]
		}
		return nil
	}
	if u, err := s.Patch(t.Context(), example.ID, named("Ada")); !errors.Is(err, userstore.ErrInvalid) || u != (userstore.User{}) {
		t.Errorf("Patch = %v, %v", u, err)
	}
}

// MySQL counts no row if the values are the same, if there is no such user, and if
// another caller creates the user just afterwards.
func TestNoAffectedRow(t *testing.T) {
	want := example
	want.Attributes = want.Attributes.Merge(named("Ada"))
	begin, end := []string{"begin", "exec UPDATE"}, []string{"query SELECT", "commit"}
	tests := []struct {
		name      string
		user      *userstore.User // before
		foundRows bool
		created   *userstore.User // after the first UPDATE
		err       error
		steps     []string
	}{
		{"changed", &example, false, nil, nil, slices.Concat(begin, end)},
		{"same values", &want, false, nil, nil, slices.Concat(begin, end)},
		{"same values, found rows", &want, true, nil, nil, slices.Concat(begin, end)},
		{"no user", nil, false, nil, userstore.ErrNotFound, slices.Concat(begin, []string{"query SELECT", "rollback"})},
		{"created in between", nil, false, &example, nil, slices.Concat(begin, []string{"query SELECT", "exec UPDATE"}, end)},
		{"created with the values", nil, false, &want, nil, slices.Concat(begin, end)},
	}
	for _, d := range []Dialect{MySQL, MariaDB} {
		for _, tt := range tests {
			t.Run(d.String()+"/"+tt.name, func(t *testing.T) {
				f := newFake(d)
				f.foundRows = tt.foundRows
				s := open(t, f, nil)
				if tt.user != nil {
					f.committed.rows[example.ID.String()] = values(insertArgs(*tt.user, d.engine().timeLayout))
				}
				f.after = func(e event) error {
					if e.is("exec", "UPDATE") && tt.created != nil && f.count("exec", "UPDATE") == 1 {
						f.conns[e.conn-1].tx.own.rows[example.ID.String()] = values(insertArgs(*tt.created, d.engine().timeLayout))
					}
					return nil
				}
				got, err := s.Patch(t.Context(), example.ID, named("Ada"))
				require.ErrorIs(t, err, tt.err)
				if diff := cmp.Diff(tt.steps, f.verbs()); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				for _, e := range f.events {
					if e.is("query", "SELECT") && !strings.HasSuffix(e.text, " FOR UPDATE") {
						t.Errorf("this does not lock: %s", e.text)
					}
				}
				kept, _ := f.user(t, example.ID)
				if tt.err == nil && (got != want || kept != want) {
					t.Errorf("returned: %s\nkept: %s", diff(want, got), diff(want, kept))
				}
			})
		}
	}
}

// A write that was sent goes on for the grace after its context ends.
func TestGrace(t *testing.T) {
	for _, d := range []Dialect{PostgreSQL, MySQL} {
		for wait, cut := range map[time.Duration]bool{grace / 2: false, 2 * grace: true} {
			t.Run(fmt.Sprintf("%v/%v", d, wait), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newFake(d)
					s := open(t, f, nil)
					create(t, s, example)
					f.before = func(ctx context.Context, e event) error {
						if e.is("query", "UPDATE") || e.is("exec", "UPDATE") {
							select {
							case <-time.After(wait):
							case <-ctx.Done():
								return ctx.Err()
							}
						}
						return nil
					}
					ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
					defer cancel()
					_, err := s.Patch(ctx, example.ID, named("Ada"))
					if cut != errors.Is(err, context.DeadlineExceeded) || cut != (err != nil) {
						t.Errorf("Patch = %v", err)
					}
					if unknown := cut && d == PostgreSQL; errors.Is(err, ErrOutcomeUnknown) != unknown {
						t.Errorf("unknown is not %t: %v", unknown, err)
					}
				})
			})
		}
	}
}

// When a context ends, database/sql rolls back by itself. If that fails, the
// connection is closed too.
func TestFailedRollbackAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(MySQL)
		s := open(t, f, nil)
		f.before = func(ctx context.Context, e event) error {
			switch {
			case e.is("exec", "UPDATE"):
				<-ctx.Done()
				for range 1000 {
					runtime.Gosched() // lets it roll back; in the bubble, time stands still
				}
				return failures[MySQL]
			case e.do == "rollback":
				return failures[MySQL]
			}
			return nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := s.Patch(ctx, example.ID, named("Ada")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Patch = %v", err)
		}
		synctest.Wait() // nobody waits for the connection to be closed
		if got := f.dropped(); !slices.Equal(got, []int{1}) {
			t.Errorf("dropped %v", got)
		}
	})
}
