// Package memstore is a [userstore.Store] in memory: the fake for tests, and a
// fast store for a host that keeps its users nowhere else.
package memstore

import (
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// Store keeps users in memory. The zero value is an empty Store, ready to use;
// it must not be copied. Its methods may be called by many goroutines at once.
//
// A call about one user waits only for calls about the same user. The exceptions
// are Create and Delete, which hold one of 256 parts of the Store for the time
// of one map write.
type Store struct {
	shards [256]shard
}

var _ userstore.Store = (*Store)(nil)

// A shard finds the records of its users. Its lock guards the map and is never
// held while a record is read or written.
type shard struct {
	mu      sync.RWMutex
	records map[uuid.UUID]*record
}

// New returns a Store that holds the users, each as [Store.Create] would keep
// it. It is meant for users written down in code, and panics where Create
// would return an error.
func New(users ...userstore.User) *Store {
	s := new(Store)
	for _, u := range users {
		if _, err := s.Create(context.Background(), u); err != nil {
			panic(fmt.Sprintf("memstore: user %v: %v", u.ID, err))
		}
	}
	return s
}

// Create adds a user and returns its record, as [userstore.User.Canonical]
// makes it. The error matches [userstore.ErrInvalid] if that refuses the user,
// and [userstore.ErrExists] if the id is taken.
func (s *Store) Create(ctx context.Context, user userstore.User) (userstore.User, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, err
	}
	user, err := user.Canonical()
	if err != nil {
		return userstore.User{}, err
	}
	sh, r := s.shard(user.ID), newRecord(user)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if _, taken := sh.records[user.ID]; taken {
		return userstore.User{}, userstore.ErrExists
	}
	if sh.records == nil {
		sh.records = make(map[uuid.UUID]*record)
	}
	sh.records[user.ID] = r
	return user, nil
}

// Get returns the user, as [userstore.Store] says.
func (s *Store) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return s.with(ctx, id, func(*record) {})
}

// Patch patches the user, as [userstore.Store] says.
func (s *Store) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, err
	}
	scalars := patch.Scalars()
	if err := scalars.Check(); err != nil {
		return userstore.User{}, err
	}
	return s.with(ctx, id, func(r *record) { r.merge(&scalars) })
}

// Delete removes the user and all that the Store knows of it. Deleting a user
// that does not exist is no error.
func (s *Store) Delete(ctx context.Context, id uuid.UUID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.shard(id)
	sh.mu.Lock()
	r := sh.records[id]
	delete(sh.records, id)
	sh.mu.Unlock()
	if r != nil {
		r.mu.Lock()
		r.delete()
		r.mu.Unlock()
	}
	return nil
}

// Len returns the number of users.
func (s *Store) Len() int {
	n := 0
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.RLock()
		n += len(sh.records)
		sh.mu.RUnlock()
	}
	return n
}

// Format writes that s is a Store; never what it holds.
func (s *Store) Format(f fmt.State, _ rune) { io.WriteString(f, "memstore.Store") }

// with calls do with the record of the user locked, and returns the user as do
// left it.
func (s *Store) with(ctx context.Context, id uuid.UUID, do func(*record)) (userstore.User, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, err
	}
	r := s.find(id)
	if r == nil {
		return userstore.User{}, userstore.ErrNotFound
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deleted {
		return userstore.User{}, userstore.ErrNotFound
	}
	do(r)
	return r.user(id), nil
}

func (s *Store) find(id uuid.UUID) *record {
	sh := s.shard(id)
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	return sh.records[id]
}

// seed spreads ids over the shards in a way that nobody can aim at.
var seed = maphash.MakeSeed()

func (s *Store) shard(id uuid.UUID) *shard {
	return &s.shards[maphash.Comparable(seed, id)%uint64(len(s.shards))]
}
