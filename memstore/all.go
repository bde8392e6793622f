package memstore

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// All returns every user, in the order of the ids' bytes. Each record is whole, and
// users created or deleted meanwhile may be included or not. It ends at the first error,
// which is that of ctx.
func (s *Store) All(ctx context.Context) iter.Seq2[userstore.User, error] {
	return func(yield func(userstore.User, error) bool) {
		for _, id := range s.ids() {
			user, err := s.Get(ctx, id)
			if errors.Is(err, userstore.ErrNotFound) {
				continue // deleted meanwhile
			}
			if !yield(user, err) || err != nil {
				return
			}
		}
	}
}

// ids returns the ids of all users, in the order of their bytes.
func (s *Store) ids() []uuid.UUID {
	var ids []uuid.UUID
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.RLock()
		for id := range sh.records {
			ids = append(ids, id)
		}
		sh.mu.RUnlock()
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}
