package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/suite"
	"github.com/userrecord/userrecord/userstore"
)

// What the Store does when its context is, or gets, done.
func contextChecks() []check {
	return []check{
		must("cancelled-get", "Get with a context that is done gives an error that matches ctx.Err().", "contexts", func(t *trial) {
			checkCancelled(t, func(ctx context.Context, s userstore.Store, u userstore.User) error {
				_, err := s.Get(ctx, u.ID)
				return err
			})
		}),
		must("cancelled-patch", "Patch with a context that is done gives an error that matches ctx.Err().", "contexts", func(t *trial) {
			checkCancelled(t, func(ctx context.Context, s userstore.Store, u userstore.User) error {
				_, err := s.Patch(ctx, u.ID, plainAttributes(1))
				return err
			})
		}),
		must("cancelled-unchanged", "Patch with a context that is done when it begins changes nothing.", "contexts", checkCancelledUnchanged),
		must("cancelled-midway", "A call whose context ends midway succeeds, or gives an error that matches ctx.Err() and leaves the whole patch or nothing of it.", "contexts", checkCancelledMidway),
	}
}

// doneContexts returns two contexts that are done: one cancelled, one after its
// deadline.
func (t *trial) doneContexts() []context.Context {
	cancelled, cancel := context.WithCancel(t.ctx)
	cancel()
	late, cancel := context.WithDeadline(t.ctx, time.Now().Add(-time.Second))
	cancel()
	return []context.Context{cancelled, late}
}

func checkCancelled(t *trial, call func(context.Context, userstore.Store, userstore.User) error) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, ctx := range t.doneContexts() {
		if err := call(ctx, s, u); !errors.Is(err, ctx.Err()) {
			t.failf(fmt.Sprintf("an error that matches %q", ctx.Err()), "%s", errorText(err))
		}
	}
}

func checkCancelledUnchanged(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, ctx := range t.doneContexts() {
		_, _ = s.Patch(ctx, u.ID, plainAttributes(1))
		t.expect("read after a patch whose context was done", u.Attributes, t.get(s, u.ID).Attributes)
		time.Sleep(100 * time.Millisecond) // a goroutine of the Store could still patch
		t.expect("read a little later", u.Attributes, t.get(s, u.ID).Attributes)
	}
}

// checkCancelledMidway cancels patches after random times, while other patches wait
// for the same user.
func checkCancelledMidway(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for i := range concurrent.Rounds(10, 40, concurrencyTime) {
		before := t.get(s, u.ID).Attributes
		patch := everywhere("Cancelled" + string(rune('A'+i%26)))
		ctx, cancel := context.WithCancel(t.ctx)
		wait := time.Duration(t.rand.IntN(300)) * time.Microsecond
		var err error
		concurrent.Together(3, func(i int) {
			switch i {
			case 0:
				_, err = s.Patch(ctx, u.ID, patch)
			case 1:
				time.Sleep(wait)
				cancel()
			case 2:
				_, _ = s.Patch(t.ctx, u.ID, scalarAt("/gender").to("male"))
			}
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.failf(fmt.Sprintf("an error that matches %q", context.Canceled), "%s", errorText(err))
		}
		after := before.Merge(scalarAt("/gender").to("male"))
		got := t.get(s, u.ID).Attributes
		if differences := compare(after.Merge(patch), got); len(differences) > 0 && (err == nil || len(compare(after, got)) > 0) {
			t.fail(suite.At("after a cancelled patch that returned "+errorText(err), differences)...)
		}
	}
}
