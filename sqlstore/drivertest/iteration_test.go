package drivertest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// All gives every user once, in the order of the bytes of the ids, and whole
// while they are patched.
func TestAll(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store := d.newStore(t)
		ids := createMany(t, store, 2345)
		patched, stop := patchMany(t, store, ids)
		var got []uuid.UUID
		for user, err := range store.All(t.Context()) {
			require.NoError(t, err)
			got = append(got, user.ID)
			v := valuesOf(user.Attributes)
			if len(v) != len(scalars) || slices.ContainsFunc(scalars, func(place string) bool { return v[place] != v["/email"] }) {
				t.Fatalf("a user is not whole: %q", v)
			}
			if len(got) == 1 || len(got) == 1000 {
				waitFor(t, patched, patched.Load()+2) // the first may have begun before
			}
		}
		stop()
		if diff := cmp.Diff(ids, got); diff != "" {
			t.Errorf("ids (-want +got):\n%s", diff)
		}
		wantEndedByError(t, store)
		wantEndedByCaller(t, store)
	})
}

// wantEndedByError ends the context in the middle.
func wantEndedByError(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var failures []error
	users := 0
	for _, err := range store.All(ctx) {
		if err != nil {
			failures = append(failures, err)
			continue
		}
		if users++; users == 1234 {
			cancel()
		}
	}
	if len(failures) != 1 || !errors.Is(failures[0], context.Canceled) || users < 1234 || users >= 2345 {
		t.Errorf("after %d users: %v", users, failures)
	}
}

func wantEndedByCaller(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	users := 0
	for range store.All(t.Context()) {
		if users++; users == 700 {
			break
		}
	}
	if users != 700 {
		t.Errorf("%d users", users)
	}
}

// createMany returns the ids in order.
func createMany(t *testing.T, store *sqlstore.Store, n int) []uuid.UUID {
	t.Helper()
	ids, users := make([]uuid.UUID, n), make([]userstore.User, n)
	attributes := everywhere("0").attributes()
	for i := range ids {
		ids[i] = uuid.New()
		users[i] = userstore.User{ID: ids[i], Attributes: attributes}
	}
	require.NoError(t, createTogether(t.Context(), store, users))
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

// createTogether creates the users in one transaction, for a test that is about something
// else: each with a Create takes ten times as long.
func createTogether(ctx context.Context, store *sqlstore.Store, users []userstore.User) error {
	return store.Transact(ctx, func(ctx context.Context, _ *sql.Tx, tx *sqlstore.Tx) error {
		return tx.CreateAll(ctx, users)
	})
}

// patchMany patches all places of one user after the other, until it is stopped,
// and counts the patches.
func patchMany(t *testing.T, store *sqlstore.Store, ids []uuid.UUID) (patched *atomic.Int64, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	patched = new(atomic.Int64)
	var all sync.WaitGroup
	all.Go(func() {
		for ctx.Err() == nil {
			n := int(patched.Load())
			// Another step than All's, so that the two meet anywhere.
			_, err := store.Patch(ctx, ids[n*997%len(ids)], everywhere(fmt.Sprint(n+1)).attributes())
			if err != nil && ctx.Err() == nil {
				t.Error(err)
				break
			}
			patched.Add(1)
		}
	})
	return patched, func() {
		cancel()
		all.Wait()
	}
}
