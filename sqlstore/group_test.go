package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/userrecord/userrecord/userstore"
)

// A crowd is callers that patch one user each. They wait for a first caller, whose
// COMMIT the test delays, and share the next transaction.
type crowd struct {
	t     *testing.T
	fake  *fake
	store *Store

	mu   sync.Mutex
	errs map[int]error // of those that have returned

	wg      sync.WaitGroup
	release chan struct{} // lets the first one commit
	before  func(context.Context, event) error
}

// newCrowd starts n callers, whose users are 1 to n. It must run in a bubble of
// synctest.
func newCrowd(t *testing.T, n int) *crowd {
	c := &crowd{t: t, fake: newFake(SQLite), errs: map[int]error{}, release: make(chan struct{})}
	for i := range n + 1 {
		c.fake.committed.rows[nth(i).String()] = values(insertArgs(userstore.User{ID: nth(i)}, SQLite.engine().timeLayout))
	}
	c.store = open(t, c.fake, nil)
	held := false
	c.fake.before = func(ctx context.Context, e event) error {
		if e.do == "commit" && !held {
			held = true
			<-c.release
			return nil
		}
		if held && c.before != nil {
			return c.before(ctx, e)
		}
		return nil
	}
	c.start(t.Context(), 0)
	synctest.Wait()
	for i := range n {
		c.start(t.Context(), i+1)
		synctest.Wait() // in this order
	}
	return c
}

func (c *crowd) start(ctx context.Context, i int) {
	c.wg.Go(func() {
		err := c.patch(ctx, i)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.errs[i] = err
	})
}

// patch returns an error of the host's with which the patch panics.
func (c *crowd) patch(ctx context.Context, i int) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = v.(error)
		}
	}()
	_, err = c.store.Patch(ctx, nth(i), named("Ada"))
	return err
}

// finish lets the first caller commit, and waits for all.
func (c *crowd) finish() {
	close(c.release)
	c.wg.Wait()
}

func (c *crowd) returned() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.errs)
}

// expect fails unless exactly these callers got an error that matches, and the patches
// of all others are there.
func (c *crowd) expect(want error, of ...int) {
	c.t.Helper()
	bad := map[int]bool{}
	for _, i := range of {
		bad[i] = true
	}
	for i, err := range c.errs {
		u, _ := c.fake.user(c.t, nth(i))
		patched := u.Attributes == named("Ada")
		if bad[i] != (err != nil) || err != nil && !errors.Is(err, want) || patched == bad[i] {
			c.t.Errorf("caller %d: %v, patched %t", i, err, patched)
		}
	}
}

// patches reports whether the event patches the user.
func (e event) patches(i int) bool {
	return e.is("query", "UPDATE") && e.args[len(e.args)-1].Value == nth(i).String()
}

func TestWaitingWritesShareACommit(t *testing.T) {
	for n, commits := range map[int]int{0: 1, 1: 2, 10: 2, maxGroup: 2, maxGroup + 1: 3, 2*maxGroup + 1: 4} {
		synctest.Test(t, func(t *testing.T) {
			c := newCrowd(t, n)
			if got := c.fake.count("query", "UPDATE"); got != 1 {
				t.Errorf("%d patches were sent while another transaction was open", got)
			}
			c.finish()
			c.expect(nil)
			if got := c.fake.count("commit", ""); got != commits {
				t.Errorf("%d commits of %d, want %d", got, n+1, commits)
			}
		})
	}
}

func TestNobodyReturnsBeforeTheCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 5)
		second := make(chan struct{})
		c.before = func(_ context.Context, e event) error {
			if e.do == "commit" {
				<-second
			}
			return nil
		}
		close(c.release)
		synctest.Wait()
		if got := c.returned(); got != 1 {
			t.Errorf("%d have returned", got)
		}
		close(second)
		c.wg.Wait()
		c.expect(nil)
	})
}

// A refused write undoes only itself, including what it did before it was refused.
func TestRefusedWriteInAGroup(t *testing.T) {
	for _, bad := range []int{1, 2, 5} { // the first leads
		synctest.Test(t, func(t *testing.T) {
			c := newCrowd(t, 5)
			c.fake.after = func(e event) error {
				if e.patches(bad) {
					return refusals[SQLite]
				}
				return nil
			}
			c.finish()
			c.expect(userstore.ErrInvalid, bad)
		})
	}
}

func TestMissingUserInAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 5)
		delete(c.fake.conns[0].tx.own.rows, nth(3).String())
		c.finish()
		if !errors.Is(c.errs[3], userstore.ErrNotFound) {
			t.Errorf("caller 3: %v", c.errs[3])
		}
		delete(c.errs, 3)
		c.expect(nil)
	})
}

// If the transaction cannot go on for the others, each write is done alone.
func TestGroupFallsApart(t *testing.T) {
	failure := failures[SQLite]
	tests := map[string]struct {
		before func(*fake, event) error
		after  func(event) error
		bad    []int
	}{
		"SAVEPOINT fails": {before: func(_ *fake, e event) error {
			if e.is("exec", "SAVEPOINT") {
				return failure
			}
			return nil
		}},
		"RELEASE fails": {before: func(_ *fake, e event) error {
			if e.is("exec", "RELEASE") {
				return failure
			}
			return nil
		}},
		"ROLLBACK TO fails": {before: func(_ *fake, e event) error {
			if e.is("exec", "ROLLBACK TO") {
				return failure
			}
			return nil
		}, after: func(e event) error {
			if e.patches(3) {
				return failure // but it took effect
			}
			return nil
		}, bad: []int{3}},
		"the engine has rolled back": {before: func(f *fake, e event) error {
			if e.patches(3) {
				f.mu.Lock()
				c := f.conns[e.conn-1]
				f.mu.Unlock()
				c.end(false)
				c.tx = new(transactionState)
				return failure
			}
			return nil
		}, bad: []int{3}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCrowd(t, 5)
				c.before = func(_ context.Context, e event) error { return tt.before(c.fake, e) }
				c.fake.after = tt.after
				c.finish()
				c.expect(failure, tt.bad...)
			})
		})
	}
}

// A constraint that is checked at COMMIT refuses only the write that violates it.
func TestGroupRefusedAtCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 5)
		var spoiled sync.Map // connections whose transaction has the write
		c.before = func(_ context.Context, e event) error {
			switch {
			case e.do == "begin":
				spoiled.Delete(e.conn)
			case e.patches(3):
				spoiled.Store(e.conn, true)
			case e.do == "commit":
				if _, bad := spoiled.Load(e.conn); bad {
					return refusals[SQLite]
				}
			}
			return nil
		}
		c.finish()
		c.expect(userstore.ErrInvalid, 3)
	})
}

// A COMMIT whose outcome is unknown is unknown to all who share it.
func TestGroupWithUnknownOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 5)
		c.before = func(_ context.Context, e event) error {
			if e.do == "commit" {
				return fmt.Errorf("commit: %w", errBroken)
			}
			return nil
		}
		c.finish()
		c.expect(ErrOutcomeUnknown, 1, 2, 3, 4, 5)
		if got := c.fake.dropped(); len(got) != 1 {
			t.Errorf("dropped %v", got)
		}
	})
}
