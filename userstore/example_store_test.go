package userstore_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// mapStore is about the smallest Store.
type mapStore struct {
	mu    sync.Mutex
	users map[uuid.UUID]userstore.User
}

func (s *mapStore) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return s.Patch(ctx, id, userstore.Attributes{})
}

func (s *mapStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, err
	}
	if err := patch.Check(); err != nil {
		return userstore.User{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	user, ok := s.users[id]
	if !ok {
		return userstore.User{}, userstore.ErrNotFound
	}
	user.Attributes = user.Attributes.Merge(patch)
	s.users[id] = user
	return user, nil
}

// A Store of one's own checks the patch, merges it while nobody else can, and
// returns the new record. The conformance suite of this module tests it.
func ExampleStore() {
	user, err := userstore.ExampleUser().Canonical() // as a Store keeps a new user
	if err != nil {
		fmt.Println(err)
		return
	}
	var store userstore.Store = &mapStore{users: map[uuid.UUID]userstore.User{user.ID: user}}

	patched, err := store.Patch(context.Background(), user.ID, userstore.Attributes{
		FirstName: userstore.Value("Jane"),
		Gender:    userstore.Null[string](),
	})
	first, _ := patched.Attributes.FirstName.Get()
	fmt.Println(first, patched.Attributes.Gender, err)

	_, err = store.Get(context.Background(), uuid.New())
	fmt.Println(err)
	// Output:
	// Jane omitted <nil>
	// userstore: user not found
}
