package sqlstore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// If a driver panics, no caller hangs, none is told that its write succeeded, and the
// database stays usable.
func TestPanickingDriver(t *testing.T) {
	tests := map[string]func(event) bool{
		"begin":              func(e event) bool { return e.do == "begin" },
		"the leader's patch": func(e event) bool { return e.patches(1) },
		"SAVEPOINT":          func(e event) bool { return e.is("exec", "SAVEPOINT") },
		"another's patch":    func(e event) bool { return e.patches(3) },
		"RELEASE":            func(e event) bool { return e.is("exec", "RELEASE") },
		"commit":             func(e event) bool { return e.do == "commit" },
	}
	for name, panics := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(SQLite)
			for i := range 6 {
				f.committed.rows[nth(i).String()] = values(insertArgs(userstore.User{ID: nth(i)}, SQLite.engine().timeLayout))
			}
			s := open(t, f, nil)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			queued := make(chan struct{})
			var first, panicked atomic.Bool
			f.before = func(_ context.Context, e event) error {
				if e.do == "commit" && first.CompareAndSwap(false, true) {
					<-queued
				} else if first.Load() && panics(e) && panicked.CompareAndSwap(false, true) {
					panic("the driver")
				}
				return nil
			}
			var wg sync.WaitGroup
			var recovered atomic.Int32
			errs := make([]error, 6)
			for i := range errs {
				wg.Go(func() {
					defer func() {
						if recover() != nil {
							recovered.Add(1)
							errs[i] = fmt.Errorf("it has panicked")
						}
					}()
					_, errs[i] = s.Patch(ctx, nth(i), named("Ada"))
				})
				waitUntil(t, func() bool { return first.Load() && s.group.queued() == i })
			}
			close(queued)
			wg.Wait()
			if ctx.Err() != nil || recovered.Load() != 1 {
				t.Errorf("%v, %d have panicked", ctx.Err(), recovered.Load())
			}
			for i, err := range errs {
				u, _ := f.user(t, nth(i))
				if err == nil && u.Attributes != named("Ada") {
					t.Errorf("caller %d was told that its write succeeded", i)
				}
			}
			_, err := s.Patch(ctx, nth(0), named("Eve"))
			require.NoError(t, err, "afterwards")
		})
	}
}

// queued returns how many turns wait.
func (g *group) queued() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting)
}

func waitUntil(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); {
		if time.Now().After(end) {
			t.Fatal("it never came to that")
		}
		time.Sleep(50 * time.Microsecond)
	}
}

// With many callers, of which some give up, and failing transactions, exactly the
// acknowledged writes are there.
func TestNoWriteIsLostOrInvented(t *testing.T) {
	const callers, writes = 64, 30
	f := newFake(SQLite)
	for i := range callers {
		f.committed.rows[nth(i).String()] = values(insertArgs(userstore.User{ID: nth(i)}, SQLite.engine().timeLayout))
	}
	s := open(t, f, nil)
	f.before = func(ctx context.Context, e event) error {
		switch {
		case e.do == "commit" && rand.N(10) == 0:
			return refusals[SQLite]
		case e.is("query", "UPDATE") && rand.N(20) == 0:
			return failures[SQLite]
		case e.is("exec", "ROLLBACK TO") && rand.N(10) == 0:
			return failures[SQLite]
		}
		return ctx.Err()
	}
	var acknowledged, cancelled atomic.Int32
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			kept := ""
			for n := range writes {
				name := fmt.Sprint("n", n)
				ctx, cancel := context.WithCancel(t.Context())
				if n%3 == 0 {
					time.AfterFunc(rand.N(500*time.Microsecond), cancel)
				}
				_, err := s.Patch(ctx, nth(i), named(name))
				if err == nil {
					kept = name
					acknowledged.Add(1)
				} else if ctx.Err() != nil {
					cancelled.Add(1)
				}
				cancel()
				u, _ := f.user(t, nth(i))
				if got, _ := u.Attributes.FirstName.Get(); got != kept {
					t.Errorf("caller %d, write %d: %v; kept %q, want %q", i, n, err, got, kept)
					return
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d acknowledged, %d cancelled, %d commits", acknowledged.Load(), cancelled.Load(), f.count("commit", ""))
	if acknowledged.Load() == 0 || cancelled.Load() == 0 || int(acknowledged.Load()) <= f.count("commit", "") {
		t.Error("it tried too little")
	}
	if s.group.led || s.group.queued() > 0 {
		t.Error("somebody still leads or waits")
	}
}
