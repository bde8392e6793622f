package sqlstore

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// laned are the dialects that use lanes.
var laned = []Dialect{PostgreSQL, MySQL, MariaDB}

// A lockedRow makes patches of a user wait for what the test sends to unlock: an error,
// or nil to go on. Once unlock is closed, all go on.
type lockedRow struct {
	waiting atomic.Int32
	unlock  chan error
}

func (f *fake) lockRow(id uuid.UUID) *lockedRow {
	r := &lockedRow{unlock: make(chan error)}
	f.before = func(ctx context.Context, e event) error {
		if !e.is("query", "UPDATE") && !e.is("exec", "UPDATE") || e.args[len(e.args)-1].Value != id.String() {
			return nil
		}
		r.waiting.Add(1)
		defer r.waiting.Add(-1)
		select {
		case err := <-r.unlock:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return r
}

// blockOneUser returns a Store with a pool of three and two users, of which example's
// row is locked under 32 patches.
func blockOneUser(t *testing.T, d Dialect) (*Store, *lockedRow, *sync.WaitGroup) {
	t.Helper()
	f := newFake(d)
	s := open(t, f, nil)
	s.db.SetMaxOpenConns(3)
	create(t, s, example)
	create(t, s, userstore.User{ID: nth(1)})
	locked, blocked := f.lockRow(example.ID), new(sync.WaitGroup)
	for range 32 {
		blocked.Go(func() {
			if _, err := s.Patch(t.Context(), example.ID, named("Ada")); err != nil {
				t.Error(err)
			}
		})
	}
	return s, locked, blocked
}

// While one row is locked, its patches hold one connection, and the patches of other
// users go through a small pool.
func TestLockedRowHoldsOneConnection(t *testing.T) {
	for _, d := range laned {
		t.Run(d.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, locked, blocked := blockOneUser(t, d)
				synctest.Wait()
				if n := locked.waiting.Load(); n != 1 {
					t.Errorf("%d wait in the database", n)
				}
				for range 100 {
					_, err := s.Patch(t.Context(), nth(1), named("Eve"))
					require.NoError(t, err)
				}
				close(locked.unlock)
				blocked.Wait()
				if len(s.lanes.byUser) > 0 {
					t.Error("lanes are left")
				}
			})
		})
	}
}

// After successes, a few patches of a user are under way at once; after a
// failure, one.
func TestLaneWidens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(PostgreSQL)
		s := open(t, f, nil)
		create(t, s, example)
		locked := f.lockRow(example.ID)
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() { s.Patch(t.Context(), example.ID, named("Ada")) })
		}
		var got []int32
		for _, answer := range []error{nil, nil, nil, nil, nil, noRight[PostgreSQL], noRight[PostgreSQL], noRight[PostgreSQL], noRight[PostgreSQL], nil} {
			synctest.Wait()
			got = append(got, locked.waiting.Load())
			locked.unlock <- answer
		}
		if want := []int32{1, 2, 3, 4, 4, 4, 3, 2, 1, 1}; !slices.Equal(got, want) {
			t.Errorf("under way: %v, want %v", got, want)
		}
		close(locked.unlock)
		all.Wait()
	})
}

// A lane that successes have widened leaves a connection of a small pool to others
// when its row is locked.
func TestLockedBusyRowSparesASmallPool(t *testing.T) {
	for _, d := range laned {
		t.Run(d.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, locked, blocked := blockOneUser(t, d)
				for range 8 {
					synctest.Wait()
					locked.unlock <- nil
				}
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if _, err := s.Patch(ctx, nth(1), named("Eve")); err != nil {
					t.Error(err)
				}
				close(locked.unlock)
				blocked.Wait()
			})
		})
	}
}

// Callers are admitted to a lane in order of arrival. One whose context ends leaves,
// and has sent nothing.
func TestLaneIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l lanes
		var mu sync.Mutex
		var order []int
		note := func(i int) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, i)
		}
		began, _ := l.enter(t.Context(), example.ID)
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				ctx := t.Context()
				if i%3 == 1 {
					ctx = impatient
				}
				mine, err := l.enter(ctx, example.ID)
				if err != nil {
					note(-i)
					return
				}
				note(i)
				time.Sleep(time.Second)
				l.leave(example.ID, mine, 1, nil) // as narrow as can be
			})
			synctest.Wait()
		}
		time.Sleep(2 * time.Second)
		l.leave(example.ID, began, 1, nil)
		all.Wait()
		slices.Sort(order[:3]) // they leave at the same time
		if want := []int{-7, -4, -1, 0, 2, 3, 5, 6}; !slices.Equal(order, want) {
			t.Errorf("order: %v, want %v", order, want)
		}
		if len(l.byUser) > 0 {
			t.Error("a lane is left")
		}
	})
}

// noRight is a failure of one statement that says nothing about the next one.
var noRight = map[Dialect]error{
	PostgreSQL: &pgxError{Code: "42501"}, MySQL: &mysqlError{Number: 1142}, MariaDB: &mysqlError{Number: 1142},
}

// A caller that has waited in a lane since before a write began shares its error if
// the row was locked for too long or the database is away. A later caller tries.
func TestLaneSharesAFate(t *testing.T) {
	tooLong := map[Dialect]error{PostgreSQL: &pgxError{Code: "55P03"}, MySQL: &mysqlError{Number: 1205}, MariaDB: &mysqlError{Number: 1205}}
	for _, tt := range []struct {
		name   string
		err    map[Dialect]error
		want   error
		shared bool
	}{
		{"locked", tooLong, ErrConflict, true},
		{"away", unavailables, ErrUnavailable, true},
		{"deadlock", conflicts, ErrConflict, false},
		{"refused", refusals, userstore.ErrInvalid, false},
		{"full", failures, ErrUnavailable, true},
		{"failed", noRight, nil, false},
	} {
		for _, d := range laned {
			t.Run(tt.name+"/"+d.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newFake(d)
					s := open(t, f, &Options{MaxRetries: -1})
					create(t, s, example)
					locked := f.lockRow(example.ID)
					patched := make([]error, 5)
					var all sync.WaitGroup
					for i := range patched {
						all.Go(func() {
							if i == 4 {
								time.Sleep(time.Second)
							}
							_, patched[i] = s.Patch(t.Context(), example.ID, named("Ada"))
						})
					}
					time.Sleep(2 * time.Second)
					synctest.Wait()
					failure := tt.err[d]
					locked.unlock <- failure
					synctest.Wait()
					failed := 0
					for _, err := range patched {
						if err != nil && errors.Is(err, failure) && (tt.want == nil || errors.Is(err, tt.want)) {
							failed++
						}
					}
					want := 1
					if tt.shared {
						want = 4
					}
					if failed != want || tt.shared && patched[4] != nil {
						t.Errorf("%d have failed, want %d: %v", failed, want, patched)
					}
					close(locked.unlock)
					all.Wait()
					if len(s.lanes.byUser) > 0 {
						t.Error("a lane is left")
					}
				})
			})
		}
	}
}

// With many callers, of which some give up at any moment, no lane is wider than its
// bound, every caller returns, and no lane is left.
func TestLanesUnderStress(t *testing.T) {
	var l lanes
	var inside [3]atomic.Int32
	var entered, ended, shared atomic.Int32
	errFate := errors.New("fate")
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range 200 {
				k := rand.N(len(inside))
				ctx, cancel := context.WithTimeout(t.Context(), rand.N(200*time.Microsecond))
				began, err := l.enter(ctx, nth(k))
				switch {
				case err == errFate:
					shared.Add(1)
				case err != nil:
					ended.Add(1)
				default:
					entered.Add(1)
					if n := inside[k].Add(1); n > maxLane {
						t.Errorf("%d write at once", n)
					}
					time.Sleep(rand.N(20 * time.Microsecond))
					inside[k].Add(-1)
					widest, fate := maxLane, error(nil)
					if rand.N(10) == 0 {
						widest, fate = 1, errFate
					}
					l.leave(nth(k), began, widest, fate)
				}
				cancel()
			}
		})
	}
	all.Wait()
	t.Logf("%d entered, %d ended, %d shared", entered.Load(), ended.Load(), shared.Load())
	if entered.Load() == 0 || ended.Load() == 0 || shared.Load() == 0 {
		t.Error("it tried too little")
	}
	if len(l.byUser) > 0 {
		t.Errorf("%d lanes are left", len(l.byUser))
	}
}

// Wherever in the queue a caller waits, it leaves when its context ends.
func TestLaneIsLeft(t *testing.T) {
	for place := range 3 {
		synctest.Test(t, func(t *testing.T) {
			var l lanes
			began, err := l.enter(t.Context(), nth(1))
			if err != nil {
				t.Fatal(err)
			}
			ended, end := context.WithCancel(t.Context())
			var left error
			var all sync.WaitGroup
			for i := range 3 {
				all.Go(func() {
					if i != place {
						began, _ := l.enter(t.Context(), nth(1))
						l.leave(nth(1), began, maxLane, nil)
						return
					}
					_, left = l.enter(ended, nth(1))
				})
				synctest.Wait()
			}
			end()
			synctest.Wait()
			if !errors.Is(left, context.Canceled) {
				t.Errorf("at place %d: %v", place, left)
			}
			l.leave(nth(1), began, maxLane, nil)
			all.Wait()
		})
	}
}
