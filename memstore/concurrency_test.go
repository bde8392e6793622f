package memstore_test

import (
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// Concurrent patches of different attributes of one user all survive, and no reader sees
// half of a patch.
func TestConcurrentPatchesOfOneUser(t *testing.T) {
	const rounds = 500
	writers := []func(string) userstore.Attributes{
		func(v string) userstore.Attributes {
			return userstore.Attributes{FirstName: text(v), LastName: text(v)}
		},
		func(v string) userstore.Attributes { return userstore.Attributes{Email: text(v)} },
		func(v string) userstore.Attributes {
			return userstore.Attributes{Address: userstore.Value(userstore.Address{Street: text(v)})}
		},
		func(v string) userstore.Attributes {
			return userstore.Attributes{Address: userstore.Value(userstore.Address{Region: text(v)})}
		},
	}
	s := memstore.New(userstore.User{ID: john.ID})
	var wg sync.WaitGroup
	for _, patch := range writers {
		wg.Go(func() {
			for i := range rounds {
				want := patch(strconv.Itoa(i))
				got, err := s.Patch(t.Context(), john.ID, want)
				if err != nil || got.Attributes.Merge(want) != got.Attributes {
					t.Errorf("Patch(%d) = %v, %v: the answer has not its own patch", i, got, err)
				}
			}
		})
	}
	wg.Go(func() {
		for range rounds {
			got, err := s.Get(t.Context(), john.ID)
			if err != nil || got.Attributes.FirstName != got.Attributes.LastName {
				t.Errorf("torn read, or %v", err)
			}
		}
	})
	wg.Wait()

	got, err := s.Get(t.Context(), john.ID)
	require.NoError(t, err)
	for i, patch := range writers {
		if last := patch(strconv.Itoa(rounds - 1)); got.Attributes.Merge(last) != got.Attributes {
			t.Errorf("the last patch of writer %d is lost", i)
		}
	}
}

// A patch that races with a delete takes effect before it or finds no user. Either way
// there is no user afterwards.
func TestPatchRacesDelete(t *testing.T) {
	for range 200 {
		s := memstore.New(john)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := s.Patch(t.Context(), john.ID, userstore.Attributes{FirstName: text("Joan")})
			if err != nil && !errors.Is(err, userstore.ErrNotFound) {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := s.Delete(t.Context(), john.ID); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		_, err := s.Get(t.Context(), john.ID)
		require.ErrorIs(t, err, userstore.ErrNotFound, "Get after Delete")
	}
}
