package httphandler

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// A deadline says at each moment what a context of package context says, whether or
// not somebody waits for it.
func TestDeadlineIsLikeWithTimeout(t *testing.T) {
	const timeout = 10 * time.Second
	cancelledAfter := func(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
		return func(parent context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(parent)
			time.AfterFunc(d, cancel)
			return ctx, cancel
		}
	}
	endsAfter := func(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
		return func(parent context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(parent, d)
		}
	}
	parents := map[string]func(context.Context) (context.Context, context.CancelFunc){
		"no end":           context.WithCancel,
		"cancelled before": cancelledAfter(timeout / 2),
		"cancelled after":  cancelledAfter(2 * timeout),
		"ends before":      endsAfter(timeout / 2),
		"ends after":       endsAfter(2 * timeout),
	}
	for name, parent := range parents {
		for waits := range 4 { // the moment of the first Done; 3 is after the end
			t.Run(fmt.Sprintf("%s, Done at %d", name, waits), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := parent(t.Context())
					defer cancel()
					want, stop := context.WithTimeout(ctx, timeout)
					defer stop()
					got := new(deadline)
					got.start(ctx, timeout)
					defer got.end()
					for moment := range 3 {
						if moment == waits {
							got.Done()
						}
						synctest.Wait()
						if got, want := got.Err(), want.Err(); got != want {
							t.Errorf("at moment %d: Err() = %v, want %v", moment, got, want)
						}
						time.Sleep(timeout/2 + time.Second)
					}
					gotAt, gotOK := got.Deadline()
					wantAt, wantOK := want.Deadline()
					if gotOK != wantOK || !gotAt.Equal(wantAt) {
						t.Errorf("Deadline() = %v, %t; want %v, %t", gotAt, gotOK, wantAt, wantOK)
					}
					got.end()
					stop()
					if got, want := got.Err(), want.Err(); got != want {
						t.Errorf("at the end: Err() = %v, want %v", got, want)
					}
					<-got.Done()
				})
			})
		}
	}
}

// A context that is derived from a deadline costs no goroutine, and ends with it.
func TestDeadlineNeedsNoGoroutine(t *testing.T) {
	ctx := new(deadline)
	ctx.start(context.WithValue(t.Context(), deadlineKey{}, "kept"), time.Hour)
	before := runtime.NumGoroutine()
	var derived []context.Context
	for range 100 {
		child, cancel := context.WithCancel(ctx)
		defer cancel()
		derived = append(derived, child)
	}
	if after := runtime.NumGoroutine(); after > before { // fewer, if one of another test ended
		t.Errorf("%d goroutines, want at most %d", after, before)
	}
	if got := derived[0].Value(deadlineKey{}); got != "kept" {
		t.Errorf("the value is %v", got)
	}
	ctx.end()
	for _, child := range derived {
		<-child.Done()
	}
}

type deadlineKey struct{}

// A deadline that nobody has asked anything before its end has ended like its parent, or
// else by the end, and still has the parent's values.
func TestDeadlineAfterItsEnd(t *testing.T) {
	expired, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	for want, parent := range map[error]context.Context{
		context.DeadlineExceeded: expired,
		context.Canceled:         t.Context(),
	} {
		ctx := new(deadline)
		ctx.start(context.WithValue(parent, deadlineKey{}, "kept"), time.Hour)
		ctx.end()
		if got := ctx.Err(); got != want {
			t.Errorf("Err() = %v, want %v", got, want)
		}
		if got := ctx.Value(deadlineKey{}); got != "kept" {
			t.Errorf("%v: the value is %v", want, got)
		}
		child, cancel := context.WithCancel(ctx)
		defer cancel()
		if got := child.Err(); got != want {
			t.Errorf("a child: Err() = %v, want %v", got, want)
		}
	}
}
