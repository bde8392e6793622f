package memstore

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// While the record of one user is locked, calls about other users do not wait, even in
// the same shard.
func TestCallsWaitOnlyForTheirOwnUser(t *testing.T) {
	s := new(Store)
	busy := uuid.New()
	other := uuid.New()
	for s.shard(other) != s.shard(busy) {
		other = uuid.New()
	}
	for _, id := range []uuid.UUID{busy, other} {
		_, err := s.Create(context.Background(), userstore.User{ID: id})
		require.NoError(t, err)
	}
	r := s.find(busy)
	r.mu.Lock()
	defer r.mu.Unlock()

	done := make(chan error, 1)
	go func() {
		if _, err := s.Get(t.Context(), other); err != nil {
			done <- err
			return
		}
		_, err := s.Patch(t.Context(), other, userstore.Attributes{FirstName: userstore.Value("x")})
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("a call waits for a patch of another user")
	}
}

// A call that found the record before it was deleted must not bring it back.
func TestDeletedRecordIsNotFound(t *testing.T) {
	s := new(Store)
	id := uuid.New()
	_, err := s.Create(t.Context(), userstore.User{ID: id})
	require.NoError(t, err)
	r := s.find(id)
	require.NoError(t, s.Delete(t.Context(), id))
	s.shard(id).records[id] = r // as if it had been found before the delete
	if _, err := s.Get(t.Context(), id); err != userstore.ErrNotFound {
		t.Errorf("Get = %v, want %v", err, userstore.ErrNotFound)
	}
}

// Merging in place has the same result as Attributes.Merge.
func TestRecordMerges(t *testing.T) {
	number := func(n int64) userstore.Optional[userstore.TextOrInt] { return userstore.Value(userstore.Int(n)) }
	text := userstore.Value[string]
	patches := []userstore.Attributes{
		{FirstName: text("Ada"), Locale: text("")},
		{Address: userstore.Value(userstore.Address{HouseNo: number(18), PostalCode: userstore.Value(userstore.Text("76131"))})},
		{Address: userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Text("18")), PostalCode: number(76131)})},
		{FirstName: userstore.Null[string](), Address: userstore.Value(userstore.Address{})},
		{Address: userstore.Value(userstore.Address{HouseNo: userstore.Null[userstore.TextOrInt]()})},
		{},
		{Address: userstore.Null[userstore.Address]()},
		userstore.ExampleUser().Attributes,
	}
	want := userstore.User{ID: uuid.New(), CreatedAt: time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)}
	r := newRecord(want)
	for i, patch := range patches {
		want.Attributes = want.Attributes.Merge(patch)
		scalars := patch.Scalars()
		r.merge(&scalars)
		var got userstore.User
		if r.copyTo(want.ID, &got); got != want {
			t.Fatalf("after patch %d the record is not that of Merge", i)
		}
	}
	r.delete()
	if *r != (record{deleted: true}) {
		t.Error("a deleted record remembers something")
	}
}
