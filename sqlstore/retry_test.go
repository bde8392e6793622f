package sqlstore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// failing makes every statement that writes fail, and returns the connections that
// tried.
func (f *fake) failing(err error) *[]int {
	tried := new([]int)
	f.before = func(_ context.Context, e event) error {
		if e.is("query", "UPDATE") || e.is("exec", "UPDATE") || e.is("exec", "INSERT") || e.is("exec", "DELETE") {
			*tried = append(*tried, e.conn)
			return err
		}
		return nil
	}
	return tried
}

func TestRetriesAreBounded(t *testing.T) {
	for _, tt := range []struct{ max, want int }{{0, DefaultMaxRetries + 1}, {3, 4}, {-1, 1}} {
		eachDialect(t, func(t *testing.T, f *fake) {
			synctest.Test(t, func(t *testing.T) {
				tried := f.failing(conflicts[f.dialect])
				s := open(t, f, &Options{MaxRetries: tt.max})
				if _, err := s.Patch(t.Context(), example.ID, named("Ada")); !errors.Is(err, ErrConflict) {
					t.Errorf("Patch = %v", err)
				}
				if len(*tried) != tt.want {
					t.Errorf("tried %d times, want %d", len(*tried), tt.want)
				}
				if got := f.dropped(); len(got) > 0 {
					t.Errorf("dropped %v", got)
				}
			})
		})
	}
}

// A failure that would repeat is not retried.
func TestFailuresAreNotRetried(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		for _, err := range []error{failures[f.dialect], refusals[f.dialect], missingTable[f.dialect]} {
			tried := f.failing(err)
			if _, got := open(t, f, nil).Patch(t.Context(), example.ID, named("Ada")); !errors.Is(got, err) {
				t.Errorf("Patch = %v", got)
			}
			if len(*tried) != 1 {
				t.Errorf("%v: tried %d times", err, len(*tried))
			}
		}
	})
}

// Pauses are random, and double up to their bound.
func TestPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for n := range 40 {
			longest := min(time.Millisecond<<min(n, 7), 100*time.Millisecond)
			var all []time.Duration
			for range 50 {
				begin := time.Now()
				if !pause(t.Context(), n) {
					t.Fatal("the context has ended")
				}
				all = append(all, time.Since(begin))
			}
			if most := slices.Max(all); most >= longest || most < longest/2 {
				t.Errorf("the longest pause before attempt %d is %v of %v", n+1, most, longest)
			}
			if slices.Min(all) > longest/2 {
				t.Errorf("the shortest pause before attempt %d is %v of %v", n+1, slices.Min(all), longest)
			}
		}
	})
}

// If the context ends between two attempts, the error is the context's.
func TestRetriesEndWithTheContext(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		synctest.Test(t, func(t *testing.T) {
			tried := f.failing(conflicts[f.dialect])
			s := open(t, f, &Options{MaxRetries: 1 << 20})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			begin := time.Now()
			_, err := s.Patch(ctx, example.ID, named("Ada"))
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrConflict) {
				t.Errorf("Patch = %v", err)
			}
			if took := time.Since(begin); took != time.Second || len(*tried) < 10 {
				t.Errorf("took %v and %d attempts", took, len(*tried))
			}
		})
	})
}

// Each retry after ErrUnavailable takes another connection, and closes the old one.
func TestUnavailableTakesAnotherConnection(t *testing.T) {
	calls := map[string]func(context.Context, *Store) error{
		"Patch": func(ctx context.Context, s *Store) error {
			_, err := s.Patch(ctx, example.ID, named("Ada"))
			return err
		},
		"Create": func(ctx context.Context, s *Store) error { _, err := s.Create(ctx, example); return err },
		"Delete": func(ctx context.Context, s *Store) error { return s.Delete(ctx, example.ID) },
		"Get":    func(ctx context.Context, s *Store) error { _, err := s.Get(ctx, example.ID); return err },
		"All": func(ctx context.Context, s *Store) (err error) {
			for _, err = range s.All(ctx) {
			}
			return err
		},
	}
	for _, d := range allDialects {
		for name, call := range calls {
			t.Run(d.String()+"/"+name, func(t *testing.T) {
				f := newFake(d)
				f.before = func(_ context.Context, e event) error {
					if e.conn <= 3 && e.do != "open" && e.do != "end" {
						return unavailables[d]
					}
					return nil
				}
				err := call(t.Context(), open(t, f, nil))
				if err != nil && !errors.Is(err, userstore.ErrNotFound) {
					t.Error(err)
				}
				if got := f.dropped(); !slices.Equal(got, []int{1, 2, 3}) {
					t.Errorf("dropped %v", got)
				}
			})
		}
	}
}

// The same if the first attempt did not get beyond the check.
func TestLastReadGivesUpItsConnection(t *testing.T) {
	for _, d := range allDialects {
		t.Run(d.String(), func(t *testing.T) {
			f := newFake(d)
			f.before = func(_ context.Context, e event) error {
				isRead := e.do == "query" && len(e.args) > 0 && e.args[0].Value == example.ID.String()
				if e.conn == 1 && e.do != "open" || isRead {
					return unavailables[d]
				}
				return nil
			}
			s := unchecked(t, f, &Options{MaxRetries: 1})
			if _, err := s.Get(t.Context(), example.ID); !errors.Is(err, ErrUnavailable) {
				t.Error(err)
			}
			if got := f.dropped(); !slices.Equal(got, []int{1, 2}) {
				t.Errorf("dropped %v", got)
			}
		})
	}
}

// breaking breaks the connection after a write has taken effect, that many times.
func (f *fake) breaking(times int) {
	f.after = func(e event) error {
		write := e.do == "commit" || f.dialect == PostgreSQL && (e.is("query", "UPDATE") || e.is("exec", ""))
		if write && times > 0 {
			times--
			return errBroken
		}
		return nil
	}
}

func TestUnknownOutcome(t *testing.T) {
	tests := []struct {
		op     string
		call   func(context.Context, *Store) error
		resent bool // with ResendUnknown
	}{
		{"Patch", func(ctx context.Context, s *Store) error {
			_, err := s.Patch(ctx, example.ID, named("Ada"))
			return err
		}, true},
		{"Delete", func(ctx context.Context, s *Store) error { return s.Delete(ctx, example.ID) }, true},
		{"Create", func(ctx context.Context, s *Store) error {
			_, err := s.Create(ctx, userstore.User{ID: nth(9)})
			return err
		}, false},
	}
	for _, d := range allDialects {
		for _, tt := range tests {
			for _, resend := range []bool{false, true} {
				t.Run(d.String()+"/"+tt.op, func(t *testing.T) {
					f := newFake(d)
					s := open(t, f, &Options{ResendUnknown: resend})
					create(t, s, example)
					f.breaking(1)
					err := tt.call(t.Context(), s)
					if want := !(resend && tt.resent); errors.Is(err, ErrOutcomeUnknown) != want {
						t.Errorf("resend %t: %v", resend, err)
					}
					if got := f.dropped(); len(got) != 1 {
						t.Errorf("dropped %v", got)
					}
					if n := f.count("exec", "INSERT"); tt.op == "Create" && n != 2 {
						t.Errorf("%d users were sent", n)
					}
				})
			}
		}
	}
}

// Once a write may have taken effect, no later failure says that nothing was applied.
func TestUnknownStaysUnknown(t *testing.T) {
	for _, later := range []map[Dialect]error{conflicts, unavailables, failures, refusals} {
		eachDialect(t, func(t *testing.T, f *fake) {
			s := open(t, f, &Options{ResendUnknown: true, MaxRetries: 3})
			create(t, s, example)
			f.breaking(1)
			first := true
			f.before = func(_ context.Context, e event) error {
				if e.is("query", "UPDATE") || e.is("exec", "UPDATE") {
					if !first {
						return later[f.dialect]
					}
					first = false
				}
				return nil
			}
			_, err := s.Patch(t.Context(), example.ID, named("Ada"))
			require.ErrorIs(t, err, ErrOutcomeUnknown, "Patch")
		})
	}
}

// No call waits for a connection while it holds one.
func TestPoolOfOne(t *testing.T) {
	for _, d := range []Dialect{PostgreSQL, MySQL, MariaDB} {
		t.Run(d.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := unchecked(t, newFake(d), nil)
				s.db.SetMaxOpenConns(1)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				create(t, s, example)
				var wg sync.WaitGroup
				for i := range 8 {
					wg.Go(func() {
						for j := range 10 {
							patch := allPlaces[(i+j)%len(allPlaces)].attributes("x")
							if _, err := s.Patch(ctx, example.ID, patch); err != nil {
								t.Error(err)
							}
							if _, err := s.Get(ctx, example.ID); err != nil {
								t.Error(err)
							}
						}
					})
				}
				wg.Wait()
			})
		})
	}
}

// Another attempt may begin until retryTime is over, and no later.
func TestRetriesEndInTime(t *testing.T) {
	for took, want := range map[time.Duration]int{retryTime: 2, retryTime + 1: 1} {
		eachDialect(t, func(t *testing.T, f *fake) {
			synctest.Test(t, func(t *testing.T) {
				tried := f.failing(conflicts[f.dialect])
				fails := f.before
				f.before = func(ctx context.Context, e event) error {
					err := fails(ctx, e)
					if err != nil && len(*tried) == 1 {
						time.Sleep(took)
					}
					return err
				}
				if _, err := open(t, f, nil).Patch(t.Context(), example.ID, named("Ada")); !errors.Is(err, ErrConflict) || len(*tried) != want {
					t.Errorf("after %v: %v, tried %d times, want %d", took, err, len(*tried), want)
				}
			})
		})
	}
}

// A read that has waited for a lock is tried again once only: its first attempt, which
// takes a connection from the pool by itself, may have waited while it connected.
func TestLockedReadIsTriedTwice(t *testing.T) {
	f := newFake(SQLite)
	f.before = func(_ context.Context, e event) error {
		if e.is("query", "SELECT id") {
			return &moderncError{"database is locked", 5}
		}
		return nil
	}
	if _, err := open(t, f, nil).Get(t.Context(), example.ID); !errors.Is(err, ErrConflict) {
		t.Error(err)
	}
	if n := f.count("query", "SELECT id"); n != 2 {
		t.Errorf("tried %d times", n)
	}
}
