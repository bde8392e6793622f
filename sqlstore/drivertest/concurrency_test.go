package drivertest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// Four writers for each value of one user lose nothing.
func TestConcurrentPatchesAllSurvive(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		h := contend(t, d, 25, func(store *sqlstore.Store) userstore.Store { return store })
		report(t, h.lost())
	})
}

// A store that reads, merges and writes the whole row without a lock is seen to
// lose, on every engine.
func TestNaiveStoreLoses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		for _, patches := range []int{1, 5, 25} {
			h := contend(t, d, patches, func(store *sqlstore.Store) userstore.Store { return naive{store} })
			lost := h.lost()
			t.Logf("%d stale values in %d records", len(lost), len(h.views))
			if len(lost) > 0 {
				return
			}
		}
		t.Error("the test did not see a loss")
	})
}

// naive is the store that a host should not write.
type naive struct{ *sqlstore.Store }

func (s naive) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	user, err := s.Get(ctx, id)
	if err != nil {
		return userstore.User{}, err
	}
	return s.Store.Patch(ctx, id, user.Attributes.Merge(patch))
}

// fullUser has a value in every place, so that a patch with all of them writes
// the whole row.
func fullUser() userstore.User {
	return userstore.User{ID: uuid.New(), Attributes: everywhere("first").attributes()}
}

// contend lets 64 writers patch one user, four for each place, so often each, and
// returns what they did.
func contend(t *testing.T, d database, patches int, made func(*sqlstore.Store) userstore.Store) *history {
	t.Helper()
	user := fullUser()
	store := made(d.newStore(t, user))
	h := newHistory(valuesOf(user.Attributes))
	contendIn(t, store, user, h, 4, patches)
	h.end(mustGet(t, store, user.ID))
	return h
}

// contendIn lets writers patch their places of the user.
func contendIn(t *testing.T, store userstore.Store, user userstore.User, h *history, writersOfPlace, patches int) {
	t.Helper()
	var writers sync.WaitGroup
	for w := range writersOfPlace * len(scalars) {
		writers.Go(func() {
			for n := range patches {
				err := h.write(scalars[w%len(scalars)], fmt.Sprintf("writer %d, patch %d", w, n), func(patch userstore.Attributes) (userstore.User, error) {
					return store.Patch(t.Context(), user.ID, patch)
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
}

func mustGet(t *testing.T, store userstore.Store, id uuid.UUID) userstore.User {
	t.Helper()
	user, err := store.Get(t.Context(), id)
	require.NoError(t, err)
	return user
}

// report shows the first of the faults.
func report(t *testing.T, faults []string) {
	t.Helper()
	const shown = 5
	for _, fault := range faults[:min(len(faults), shown)] {
		t.Error(fault)
	}
	if len(faults) > shown {
		t.Errorf("and %d more", len(faults)-shown)
	}
}
