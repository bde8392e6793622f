// Package memstore keeps users in memory: a [userstore.Store] for tests, and for
// hosts that need not keep their users when the process ends.
//
//	store := memstore.New(userstore.ExampleUser())
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

// Store keeps users in memory. The zero value is an empty Store, ready to use. A
// Store must not be copied. Its methods are safe for concurrent use.
//
// A call about one user waits only for calls about the same user, with two exceptions:
// Create, Delete, and a Put that creates lock one of 256 shards for the time of one map
// write, and Len and All read-lock each shard in turn for as long as they read its ids.
type Store struct {
	shards [256]shard
}

var _ userstore.Store = (*Store)(nil)

// A shard holds the records of some of the users. Its lock guards the map, and is
// not held while a record is read or written.
type shard struct {
	mu      sync.RWMutex
	records map[uuid.UUID]*record
}

// New returns a Store with these users, each as [Store.Create] keeps it. It is
// meant for users that are written in code: it panics where Create would return an
// error.
func New(users ...userstore.User) *Store {
	s := new(Store)
	for _, u := range users {
		if _, err := s.Create(context.Background(), u); err != nil {
			panic(fmt.Sprintf("memstore: user %v: %v", u.ID, err))
		}
	}
	return s
}

// Create adds a user and returns its record: [userstore.User.Canonical] of user.
// The error matches [userstore.ErrInvalid] if Canonical refuses the user, and
// [userstore.ErrExists] if the id is taken.
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

// Get returns the user: see [userstore.Store].
func (s *Store) Get(ctx context.Context, id uuid.UUID) (user userstore.User, err error) {
	if err := ctx.Err(); err != nil {
		return user, err
	}
	err = s.patch(id, nil, &user, nil)
	return user, err
}

// Patch patches the user: see [userstore.Store]. It tells what changed.
func (s *Store) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (user userstore.User, err error) {
	if err := ctx.Err(); err != nil {
		return user, err
	}
	var scalars userstore.Scalars
	scalars.Set(&patch)
	if err := scalars.Check(); err != nil {
		return user, err
	}
	err = s.patch(id, &scalars, &user, userstore.ChangeIn(ctx))
	return user, err
}

// Delete removes the user and erases its data. Deleting a user that does not exist
// is not an error.
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

// Format writes "memstore.Store", and no user.
func (s *Store) Format(f fmt.State, _ rune) { io.WriteString(f, "memstore.Store") }

// patch applies the patch, if there is one, and sets user to the new record, and
// *change, if somebody asked for it.
func (s *Store) patch(id uuid.UUID, patch *userstore.Scalars, user *userstore.User, change *userstore.Change) error {
	r := s.find(id)
	if r == nil {
		return userstore.ErrNotFound
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deleted {
		return userstore.ErrNotFound
	}
	if change != nil {
		r.copyTo(id, &change.Before)
	}
	if patch != nil {
		r.merge(patch)
	}
	r.copyTo(id, user)
	if change != nil {
		change.After = *user
	}
	return nil
}

func (s *Store) find(id uuid.UUID) *record {
	sh := s.shard(id)
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	return sh.records[id]
}

// seed makes the spread over the shards unpredictable, so that nobody can choose
// ids that fill one shard.
var seed = maphash.MakeSeed()

func (s *Store) shard(id uuid.UUID) *shard {
	return &s.shards[maphash.Comparable(seed, id)%uint64(len(s.shards))]
}
