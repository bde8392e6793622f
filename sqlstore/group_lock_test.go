package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

var errBusy = &moderncError{"database is locked", 5}

// lockedUntil makes writers wait as SQLite does while another process holds the
// write lock: for a little more than the busy_timeout of 5 s, or until their
// contexts end. Either BEGIN waits, as with _txlock=immediate, or the first
// write.
func (f *fake) lockedUntil(free time.Time, immediate bool) {
	f.before = func(ctx context.Context, e event) error {
		waits := e.is("query", "UPDATE") || e.is("exec", "INSERT")
		if immediate {
			waits = e.do == "begin"
		}
		if !waits || !time.Now().Before(free) {
			return nil
		}
		select {
		case <-time.After(time.Until(free)):
			return nil
		case <-time.After(5*time.Second + time.Millisecond):
			return errBusy
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// An arrival is a call at some time. Its context ends some time later, or never if that
// is zero.
type arrival struct{ at, ends time.Duration }

// every returns n arrivals.
func every(step time.Duration, n int) []arrival {
	all := make([]arrival, n)
	for i := range all {
		all[i].at = time.Duration(i) * step
	}
	return all
}

// outcomes patches one user for each arrival, and says how and when each call ended.
func outcomes(t *testing.T, s *Store, arrivals []arrival) []string {
	began := time.Now()
	ended := make([]string, len(arrivals))
	var all sync.WaitGroup
	for i, a := range arrivals {
		all.Go(func() {
			time.Sleep(a.at + time.Duration(i)) // in this order
			ctx, cancel := context.WithCancel(t.Context())
			if a.ends > 0 {
				ctx, cancel = context.WithTimeout(ctx, a.ends)
			}
			defer cancel()
			_, err := s.Patch(ctx, nth(i+1), named("Ada"))
			what := "patched"
			switch {
			case errors.Is(err, ErrConflict):
				what = "locked"
			case errors.Is(err, context.DeadlineExceeded):
				what = "ended"
			case err != nil:
				what = err.Error()
			}
			ended[i] = fmt.Sprint(what, " at ", time.Since(began).Round(10*time.Millisecond))
		})
	}
	all.Wait()
	return ended
}

// A caller waits for the write lock for busy_timeout from its own arrival, no matter
// how many have waited before.
func TestWaitForTheWriteLock(t *testing.T) {
	tests := map[string]struct {
		arrivals []arrival
		free     time.Duration
		want     []string
		begun    int // transactions, where it matters
	}{
		"at once":          {every(0, 4), time.Hour, []string{"locked at 5s", "locked at 5s", "locked at 5s", "locked at 5s"}, 1},
		"one by one":       {every(2*time.Second, 4), time.Hour, []string{"locked at 5s", "locked at 7s", "locked at 9s", "locked at 11s"}, 0},
		"free in time":     {every(time.Second, 4), 4 * time.Second, []string{"patched at 4s", "patched at 4s", "patched at 4s", "patched at 4s"}, 0},
		"free for some":    {every(2*time.Second, 4), 8 * time.Second, []string{"locked at 5s", "locked at 7s", "patched at 8s", "patched at 8s"}, 0},
		"after the others": {[]arrival{{0, 0}, {time.Second, 0}, {20 * time.Second, 0}}, time.Hour, []string{"locked at 5s", "locked at 6s", "locked at 25s"}, 0},
		"a leader that gives up": {[]arrival{{0, 3 * time.Second}, {time.Second, 0}, {2 * time.Second, 0}}, time.Hour,
			[]string{"ended at 3s", "locked at 6s", "locked at 7s"}, 0},
		"one that gives up after a refusal": {[]arrival{{0, 0}, {2 * time.Second, 4 * time.Second}, {3 * time.Second, 0}}, time.Hour,
			[]string{"locked at 5s", "ended at 6s", "locked at 8s"}, 0},
		"one that gives up in the queue": {[]arrival{{0, 0}, {0, time.Second}, {2 * time.Second, 0}}, time.Hour,
			[]string{"locked at 5s", "ended at 1s", "locked at 7s"}, 0},
	}
	for name, tt := range tests {
		for _, immediate := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, immediate %t", name, immediate), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newFake(SQLite)
					for i := range tt.arrivals {
						f.committed.rows[nth(i+1).String()] = values(insertArgs(userstore.User{ID: nth(i + 1)}, SQLite.engine().timeLayout))
					}
					s := open(t, f, nil)
					f.lockedUntil(time.Now().Add(tt.free), immediate)
					if d := cmp.Diff(tt.want, outcomes(t, s, tt.arrivals)); d != "" {
						t.Errorf("the calls (-want +got):\n%s", d)
					}
					if begun := f.count("begin", ""); tt.begun > 0 && begun != tt.begun {
						t.Errorf("%d have begun, want %d", begun, tt.begun)
					}
					if s.group.led || len(s.group.waiting) > 0 {
						t.Error("somebody still leads or waits")
					}
				})
			})
		}
	}
}

// A caller that has waited for a slow COMMIT of its own process is not refused, even if
// others have waited for the lock in vain.
func TestSlowCommitIsNoLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(SQLite)
		arrivals := []arrival{{0, 0}, {2 * time.Second, 0}, {7 * time.Second, 0}}
		for i := range arrivals {
			f.committed.rows[nth(i+1).String()] = values(insertArgs(userstore.User{ID: nth(i + 1)}, SQLite.engine().timeLayout))
		}
		s := open(t, f, nil)
		f.lockedUntil(time.Now().Add(6*time.Second), false)
		locked := f.before
		f.before = func(ctx context.Context, e event) error {
			if e.do == "commit" {
				time.Sleep(20 * time.Second)
			}
			return locked(ctx, e)
		}
		want := []string{"locked at 5s", "patched at 26s", "patched at 46s"}
		if d := cmp.Diff(want, outcomes(t, s, arrivals)); d != "" {
			t.Errorf("the calls (-want +got):\n%s", d)
		}
	})
}

// While a COMMIT hangs, callers that share it do not wait for ever.
func TestSharedCommitHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 1)
		c.fake.committed.rows[nth(2).String()] = values(insertArgs(userstore.User{ID: nth(2)}, SQLite.engine().timeLayout))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		c.start(ctx, 2)
		synctest.Wait()
		c.before = func(_ context.Context, e event) error {
			if e.do == "commit" {
				time.Sleep(time.Hour)
			}
			return nil
		}
		began := time.Now()
		close(c.release)
		time.Sleep(time.Minute)
		synctest.Wait()
		c.mu.Lock()
		err := c.errs[2]
		c.mu.Unlock()
		if !errors.Is(err, ErrOutcomeUnknown) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		c.wg.Wait()
		require.NoError(t, c.errs[1], "the leader")
	})
}
