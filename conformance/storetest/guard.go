package storetest

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// guard is a Store that neither panics nor hangs: if the guarded one does, guard returns
// an error that matches nothing.
type guard struct {
	store userstore.Store
	limit time.Duration
}

// Get calls the Store's Get.
func (g guard) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return bounded(g.limit, "Get", func() (userstore.User, error) { return g.store.Get(ctx, id) })
}

// Patch calls the Store's Patch.
func (g guard) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return bounded(g.limit, "Patch", func() (userstore.User, error) { return g.store.Patch(ctx, id, patch) })
}

// bounded calls a function that may panic, or take longer than the limit.
func bounded[T any](limit time.Duration, what string, call func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	done := make(chan result, 1)
	go func() {
		r := result{err: fmt.Errorf("%s ended its goroutine", what)}
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("%s panicked: %v", what, p)
			}
			done <- r
		}()
		r.v, r.err = call()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.v, r.err
	case <-timer.C:
		var none T
		return none, fmt.Errorf("%s did not return within %v", what, limit)
	}
}
