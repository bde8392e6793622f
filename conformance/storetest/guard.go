package storetest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/userstore"
)

// guard is a Store that neither panics nor hangs: if the guarded one does, guard returns
// an error that matches nothing. Once a call has hung, no other is made.
type guard struct {
	store userstore.Store
	watch *watch
	limit time.Duration // of each call
}

// Get calls the Store's Get.
func (g guard) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return bounded(g.watch, g.limit, "Get", func() (userstore.User, error) { return g.store.Get(ctx, id) })
}

// Patch calls the Store's Patch.
func (g guard) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return bounded(g.watch, g.limit, "Patch", func() (userstore.User, error) { return g.store.Patch(ctx, id, patch) })
}

// A watch sees the first call of a trial that hangs. Several goroutines may use it.
type watch struct {
	run   context.Context
	abort func()           // cancels the context of the calls
	crew  *concurrent.Crew // makes the calls: a run has a hundred thousand

	mu   sync.Mutex
	hung *hang
}

// newWatch returns the watch of a trial, whose calls have the context.
func newWatch(run, calls context.Context, abort func()) *watch {
	return &watch{run: run, abort: abort, crew: concurrent.NewCrew(calls.Done())}
}

// A hang is a call that did not return. It is an error that matches nothing.
type hang struct {
	what  string // such as Patch
	limit time.Duration
}

func (h *hang) Error() string { return fmt.Sprintf("%s did not return within %v", h.what, h.limit) }

func (h *hang) failure() conformance.Failure {
	return conformance.Failure{Expected: fmt.Sprintf("%s to return within %v", h.what, h.limit), Got: "no return"}
}

// seen returns the first call that hung, or nil.
func (w *watch) seen() *hang {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hung
}

// hangs notes a call that hangs, and returns the first that did.
func (w *watch) hangs(what string, limit time.Duration) *hang {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hung == nil {
		w.hung = &hang{what, limit}
		w.abort()
	}
	return w.hung
}

// refuses returns why no more calls are to be made, or nil.
func (w *watch) refuses() error {
	if h := w.seen(); h != nil {
		return h
	}
	return w.run.Err()
}

// grace is how long a call may still take when the run is stopped.
const grace = time.Second

// bounded makes a call that may panic, take longer than the limit, or outlast the run. A
// call that does not return goes on: Go has no way to end its goroutine.
func bounded[T any](w *watch, limit time.Duration, what string, call func() (T, error)) (none T, err error) {
	if err := w.refuses(); err != nil {
		return none, err
	}
	done := caught(w, what, call)
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case r := <-done:
		return r.v, r.err
	case <-late.C:
		return none, w.hangs(what, limit)
	case <-w.run.Done():
	}
	late.Reset(min(grace, limit))
	select {
	case r := <-done:
		return r.v, r.err
	case <-late.C:
		return none, w.run.Err()
	}
}

type result[T any] struct {
	v   T
	err error
}

// caught makes the call in another goroutine. A panic becomes an error.
func caught[T any](w *watch, what string, call func() (T, error)) <-chan result[T] {
	done := make(chan result[T], 1)
	w.crew.Start(func() {
		r := result[T]{err: fmt.Errorf("%s ended its goroutine", what)}
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("%s panicked: %v", what, p)
			}
			done <- r
		}()
		r.v, r.err = call()
	})
	return done
}
