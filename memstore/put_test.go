package memstore_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

func TestPutReplacesTheWholeRecord(t *testing.T) {
	later := time.Date(2024, 2, 29, 1, 2, 3, 4000, time.UTC)
	house := userstore.Attributes{Address: userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Int(18))})}
	for name, test := range map[string]struct{ put, want userstore.User }{
		"other attributes":      {userstore.User{ID: john.ID, Attributes: house}, userstore.User{ID: john.ID, Attributes: house, CreatedAt: john.CreatedAt}},
		"no attributes":         {userstore.User{ID: john.ID}, userstore.User{ID: john.ID, CreatedAt: john.CreatedAt}},
		"null is no value":      {userstore.User{ID: john.ID, Attributes: userstore.Attributes{Gender: userstore.Null[string]()}}, userstore.User{ID: john.ID, CreatedAt: john.CreatedAt}},
		"another creation time": {userstore.User{ID: john.ID, CreatedAt: later.Add(time.Nanosecond)}, userstore.User{ID: john.ID, CreatedAt: later}},
		"a new user":            {userstore.User{ID: nobody, CreatedAt: later, Attributes: house}, userstore.User{ID: nobody, CreatedAt: later, Attributes: house}},
	} {
		t.Run(name, func(t *testing.T) {
			s := memstore.New(john, jane)
			put, err := s.Put(t.Context(), test.put)
			require.NoError(t, err)
			got, err := s.Get(t.Context(), test.put.ID)
			require.NoError(t, err)
			other, err := s.Get(t.Context(), jane.ID)
			require.NoError(t, err)
			if diff := cmp.Diff([]userstore.User{test.want, test.want, jane}, []userstore.User{put, got, other}, equal); diff != "" {
				t.Errorf("returned, stored and other record (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPutOfANewUserSetsCreatedAt(t *testing.T) {
	before := time.Now().Truncate(time.Microsecond)
	put, err := new(memstore.Store).Put(t.Context(), userstore.User{ID: nobody})
	if err != nil || put.CreatedAt.Before(before) || time.Since(put.CreatedAt) < 0 {
		t.Errorf("created at %v, %v; want the present", put.CreatedAt, err)
	}
}

func TestPutRefusals(t *testing.T) {
	s := memstore.New(john)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Put(ctx, userstore.User{ID: john.ID})
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Put(t.Context(), userstore.User{})
	require.ErrorIs(t, err, userstore.ErrInvalid)
	if got, err := s.Get(t.Context(), john.ID); err != nil || got != john {
		t.Errorf("the record is %v, %v; want it unchanged", got, err)
	}
}

// While others put and delete the same user, every Put succeeds.
func TestPutWhileOthersDelete(t *testing.T) {
	s := memstore.New(john)
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for range 1000 {
				_, err := s.Put(t.Context(), john)
				if err = errors.Join(err, s.Delete(t.Context(), john.ID)); err != nil {
					t.Errorf("put and delete: %v", err)
				}
			}
		})
	}
	others.Wait()
}

func TestAll(t *testing.T) {
	all := func(ctx context.Context, s *memstore.Store) (users []userstore.User, err error) {
		for user, userErr := range s.All(ctx) {
			if err = userErr; err == nil {
				users = append(users, user)
			}
		}
		return users, err
	}
	s := memstore.New(john, jane)
	got, err := all(t.Context(), s)
	require.NoError(t, err)
	if diff := cmp.Diff([]userstore.User{jane, john}, got, equal); diff != "" {
		t.Errorf("all users (-want +got):\n%s", diff)
	}
	for range s.All(t.Context()) {
		break // a second user would panic
	}
	for user := range s.All(t.Context()) {
		if user.ID == john.ID {
			t.Error("a deleted user is listed")
		}
		require.NoError(t, s.Delete(t.Context(), john.ID))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = all(ctx, s)
	require.ErrorIs(t, err, context.Canceled)
}
