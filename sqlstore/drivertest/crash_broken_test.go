package drivertest

import (
	"context"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// Stores as they must not be.
const (
	earlyStore = "acknowledges before the commit"
	tornStore  = "writes value by value"
)

func broken(how string, store *sqlstore.Store) userstore.Store {
	switch how {
	case earlyStore:
		return startEarly(store)
	case tornStore:
		return torn{store}
	}
	return store
}

type torn struct{ *sqlstore.Store }

func (s torn) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (user userstore.User, err error) {
	for place, text := range valuesOf(patch) {
		if user, err = s.Store.Patch(ctx, id, values{place: text}.attributes()); err != nil {
			return userstore.User{}, err
		}
	}
	return user, nil
}

// early keeps the order of the patches.
type early struct {
	*sqlstore.Store
	queue chan queued
}

type queued struct {
	id    uuid.UUID
	patch userstore.Attributes
}

func startEarly(store *sqlstore.Store) early {
	s := early{store, make(chan queued, 100)}
	go func() {
		for q := range s.queue {
			if _, err := store.Patch(context.Background(), q.id, q.patch); err != nil {
				panic(err)
			}
		}
	}()
	return s
}

func (s early) Patch(_ context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	s.queue <- queued{id, patch}
	return userstore.User{}, nil
}
