package main

import (
	"context"
	"errors"
	"math/rand/v2"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// usersCurve measures patches of users in random order. For comparison it looks users
// up in a plain map, with and without copying the record.
func usersCurve(sizes curveSizes) (curve, error) {
	c := curve{title: "memstore against the number of users, in random order:", of: "users"}
	for _, n := range sizes.users {
		p, err := usersPoint(n)
		if err != nil {
			return c, err
		}
		c.points = append(c.points, p)
	}
	return c, nil
}

func usersPoint(n int) (point, error) {
	store, bare := new(memstore.Store), make(map[uuid.UUID]*userstore.User, n)
	var ids []uuid.UUID
	err := newUsers(n, func(u userstore.User) error {
		bare[u.ID] = &u
		ids = append(ids, u.ID)
		_, err := store.Create(context.Background(), u)
		return err
	})
	random := rand.New(rand.NewPCG(3, 4))
	random.Shuffle(n, func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return point{label(n), []*op{
		{name: "look-up", run: lookUp(bare, ids)},
		{name: "look-up and copy", run: lookUpAndCopy(bare, ids)},
		{name: "patch", run: patchStore(store, ids)},
	}}, err
}

func lookUp(bare map[uuid.UUID]*userstore.User, ids []uuid.UUID) func(int) error {
	at := 0
	return func(n int) error {
		for range n {
			user := bare[ids[at]]
			if user == nil {
				return errLost
			}
			at = after(at, user) % len(ids)
		}
		return nil
	}
}

func lookUpAndCopy(bare map[uuid.UUID]*userstore.User, ids []uuid.UUID) func(int) error {
	at := 0
	var record userstore.User
	return func(n int) error {
		for range n {
			user := bare[ids[at]]
			if user == nil {
				return errLost
			}
			record = *user
			at = after(at, &record) % len(ids)
		}
		return nil
	}
}

// after returns at + 1. It depends on the record (all ids have version 4), so that the
// processor cannot look up the next user while it waits for this one, as it cannot
// during a patch.
func after(at int, record *userstore.User) int { return at - 3 + int(record.ID.Version()) }

var errLost = errors.New("a record is lost")

func patchStore(store userstore.Store, ids []uuid.UUID) func(int) error {
	next := cycle(ids)
	patch := userstore.Attributes{FirstName: userstore.Value("Joan"), ZoneInfo: userstore.Value("Europe/London")}
	return func(n int) error {
		for range n {
			if _, err := store.Patch(context.Background(), next(), patch); err != nil {
				return err
			}
		}
		return nil
	}
}

// cycle returns a function that returns the ids in turn, again and again. A round
// continues where the last one stopped, so that the records are not in a cache.
func cycle(ids []uuid.UUID) func() uuid.UUID {
	i := -1
	return func() uuid.UUID {
		if i++; i == len(ids) {
			i = 0
		}
		return ids[i]
	}
}
