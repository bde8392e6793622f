package memstore

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// While the record of one user is locked, every call about another user gets
// through, even in the same shard.
func TestCallsWaitOnlyForTheirOwnUser(t *testing.T) {
	s := new(Store)
	busy := uuid.New()
	other := uuid.New()
	for s.shard(other) != s.shard(busy) {
		other = uuid.New()
	}
	for _, id := range []uuid.UUID{busy, other} {
		if _, err := s.Create(context.Background(), userstore.User{ID: id}); err != nil {
			t.Fatal(err)
		}
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
	if _, err := s.Create(t.Context(), userstore.User{ID: id}); err != nil {
		t.Fatal(err)
	}
	r := s.find(id)
	if err := s.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.shard(id).records[id] = r // as if it had been found earlier
	if _, err := s.Get(t.Context(), id); err != userstore.ErrNotFound {
		t.Errorf("Get = %v, want %v", err, userstore.ErrNotFound)
	}
}
