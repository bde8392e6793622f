package handlertest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A Fault makes the fake fail or delay a request. The zero Fault does nothing.
type Fault struct {
	authenticate, authorize, before, after error
	delay                                  time.Duration
}

// The faults, by the answers of the page. Only FailAfterWrite changes the user.
var (
	Unauthenticated       = Fault{authenticate: httphandler.ErrInvalidToken}             // 401
	MissingLinkedIdentity = Fault{authenticate: httphandler.ErrMissingLinkedIdentity}    // 401
	Forbidden             = Fault{authorize: httphandler.ErrForbidden}                   // 403
	FailBeforeWrite       = Fault{before: errors.New("handlertest: fault before write")} // 501, unchanged
	FailAfterWrite        = Fault{after: errors.New("handlertest: fault after write")}   // 501, changed
)

// Delay delays a patch by d before the write. If its context is done earlier, nothing
// is written.
func Delay(d time.Duration) Fault { return Fault{delay: d} }

// Inject applies the fault to n requests for the user, once the faults injected
// earlier are used up. Each request uses up one fault, even if it is refused for
// another reason first. Inject panics if n is negative.
func (f *Fake) Inject(id uuid.UUID, n int, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[id] = append(f.faults[id], slices.Repeat([]Fault{fault}, n)...)
}

// nextFault removes and returns the next fault for the user.
func (f *Fake) nextFault(userID string) (next Fault) {
	id, err := userstore.ParseID(userID)
	if err != nil {
		return Fault{}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if queue := f.faults[id]; len(queue) > 0 {
		next, f.faults[id] = queue[0], queue[1:]
	}
	return next
}

type faultKey struct{}

// faultOf returns the fault of the request with this context.
func faultOf(ctx context.Context) Fault {
	fault, _ := ctx.Value(faultKey{}).(Fault)
	return fault
}

func faultyAccess(access httphandler.Access) httphandler.Access {
	return httphandler.Access{
		Authenticate: func(r *http.Request) (context.Context, error) {
			if err := faultOf(r.Context()).authenticate; err != nil {
				return nil, err
			}
			return access.Authenticate(r)
		},
		Authorize: func(ctx context.Context, id uuid.UUID) error {
			if err := faultOf(ctx).authorize; err != nil {
				return err
			}
			return access.Authorize(ctx, id)
		},
	}
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type faultyStore struct{ *memstore.Store }

// Patch applies the fault of the request.
func (s faultyStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	fault := faultOf(ctx)
	if err := wait(ctx, fault.delay); err != nil {
		return userstore.User{}, err
	}
	if fault.before != nil {
		return userstore.User{}, fault.before
	}
	user, err := s.Store.Patch(ctx, id, patch)
	if err == nil && fault.after != nil {
		return userstore.User{}, fault.after
	}
	return user, err
}
