package sqlstore

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/userstore"
)

// While another process holds the write lock, all waiting callers share the check
// before the first write, and readers do not wait for it.
func TestFirstCallsWhileLocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(SQLite)
		s := unchecked(t, f, nil)
		f.lockedUntil(time.Now().Add(time.Hour), false)
		began := time.Now()
		ended := make([]string, 8)
		var all sync.WaitGroup
		for i := range ended {
			all.Go(func() {
				time.Sleep(time.Duration(i))
				_, err := s.Patch(t.Context(), example.ID, named("Ada"))
				ended[i] = fmt.Sprint(errors.Is(err, ErrConflict), " ", time.Since(began).Round(time.Second))
			})
		}
		time.Sleep(time.Second)
		if _, err := s.Get(t.Context(), example.ID); !errors.Is(err, userstore.ErrNotFound) || time.Since(began) != time.Second {
			t.Errorf("Get = %v, after %v", err, time.Since(began)-time.Second)
		}
		all.Wait()
		want := []string{"true 5s", "true 10s", "true 10s", "true 10s", "true 10s", "true 10s", "true 10s", "true 10s"}
		if d := cmp.Diff(want, ended); d != "" {
			t.Errorf("the calls (-want +got):\n%s", d)
		}
	})
}

// A caller that waits for a check checks again if the first check ended with its own
// caller's context.
func TestCheckEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(SQLite)
		s := unchecked(t, f, &Options{MaxRetries: -1})
		f.lockedUntil(time.Now().Add(4*time.Second), false)
		arrivals := []arrival{{0, time.Second}, {0, 2 * time.Second}, {0, 0}}
		want := []string{"ended at 1s", "ended at 2s", "patched at 4s"}
		for i := range arrivals {
			f.committed.rows[nth(i+1).String()] = values(insertArgs(userstore.User{ID: nth(i + 1)}, SQLite.engine().timeLayout))
		}
		if d := cmp.Diff(want, outcomes(t, s, arrivals)); d != "" {
			t.Errorf("the calls (-want +got):\n%s", d)
		}
	})
}
