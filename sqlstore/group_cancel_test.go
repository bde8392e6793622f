package sqlstore

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/userrecord/userrecord/userstore"
)

// A caller that gives up while it waits has sent nothing.
func TestCancelledWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 2)
		c.fake.committed.rows[nth(3).String()] = values(insertArgs(userstore.User{ID: nth(3)}, SQLite.engine().timeLayout))
		ctx, cancel := context.WithCancel(t.Context())
		c.start(ctx, 3)
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !errors.Is(c.errs[3], context.Canceled) {
			t.Errorf("caller 3: %v", c.errs[3])
		}
		c.before = func(_ context.Context, e event) error {
			if e.patches(3) {
				t.Error("it was sent")
			}
			return nil
		}
		c.finish()
		delete(c.errs, 3)
		c.expect(nil)
	})
}

// If a leader gives up while another process holds the lock, the next caller leads.
func TestLeaderGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(SQLite)
		s := open(t, f, nil)
		create(t, s, example)
		f.writer <- struct{}{}
		ctx, cancel := context.WithCancel(t.Context())
		var first, second error
		var wg sync.WaitGroup
		wg.Go(func() { _, first = s.Patch(ctx, example.ID, named("Eve")) })
		synctest.Wait()
		wg.Go(func() { _, second = s.Patch(t.Context(), example.ID, named("Ada")) })
		synctest.Wait()
		cancel()
		synctest.Wait()
		<-f.writer
		wg.Wait()
		if !errors.Is(first, context.Canceled) || second != nil {
			t.Errorf("first: %v, second: %v", first, second)
		}
		if u, _ := f.user(t, example.ID); u.Attributes.FirstName != userstore.Value("Ada") {
			t.Errorf("kept: %s", diff(example, u))
		}
	})
}
