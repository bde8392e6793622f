package handlertest

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

func faultyAccess(access httphandler.Access) httphandler.Access {
	return httphandler.Access{
		Authenticate: func(r *http.Request) (context.Context, error) {
			if err := behaviours[exchangeOf(r.Context()).fault.name].authenticate; err != nil {
				return nil, err
			}
			return access.Authenticate(r)
		},
		Authorize: func(ctx context.Context, id uuid.UUID) error {
			if err := behaviours[exchangeOf(ctx).fault.name].authorize; err != nil {
				return err
			}
			return access.Authorize(ctx, id)
		},
	}
}

type faultyStore struct {
	*memstore.Store
	fake *Fake
}

// Patch applies the fault of the request. It breaks the connection if the fake was reset
// since the request came.
func (s faultyStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	s.fake.gate.RLock()
	defer s.fake.gate.RUnlock()
	x := exchangeOf(ctx)
	if x.stale() {
		x.abort()
	}
	b := behaviours[x.fault.name]
	if b.before != nil {
		return userstore.User{}, b.before
	}
	user, err := s.Store.Patch(ctx, id, patch)
	if err == nil && b.after != nil {
		return userstore.User{}, b.after
	}
	return user, err
}

// noContext is for calls of a store in memory that nobody cancels.
var noContext = context.Background()

func (f *Fake) allUsers() []userstore.User {
	var users []userstore.User
	for user, err := range f.Store.All(noContext) {
		must(err)
		users = append(users, user)
	}
	return users
}

// check panics unless what a test has asked for is right.
func check(right bool, otherwise string) {
	if !right {
		panic("handlertest: " + otherwise)
	}
}

// must is for errors that cannot happen in memory.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
