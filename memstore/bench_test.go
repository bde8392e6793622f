package memstore_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// BenchmarkPatch patches two attributes: of users picked at random among so
// many, and of one user by all goroutines.
func BenchmarkPatch(b *testing.B) {
	patch := userstore.Attributes{FirstName: text("Joan"), Locale: text("en-GB")}
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		s := populated(b, n)
		b.Run(fmt.Sprintf("users=%d/uniform", n), func(b *testing.B) {
			patchAll(b, s, patch, func() uuid.UUID { return userID(rand.IntN(n)) })
		})
		b.Run(fmt.Sprintf("users=%d/hot", n), func(b *testing.B) {
			patchAll(b, s, patch, func() uuid.UUID { return userID(0) })
		})
	}
}

// BenchmarkMapLookup is the floor of BenchmarkPatch: finding a record of the
// same size in a plain map, and reading it.
func BenchmarkMapLookup(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		users := make(map[uuid.UUID]*userstore.User, n)
		for i := range n {
			users[userID(i)] = &userstore.User{ID: userID(i), Attributes: john.Attributes}
		}
		b.Run(fmt.Sprintf("users=%d/uniform", n), func(b *testing.B) {
			var sum int
			for b.Loop() {
				u := *users[userID(rand.IntN(n))]
				sum += int(u.ID[0])
			}
		})
	}
}

func patchAll(b *testing.B, s *memstore.Store, patch userstore.Attributes, next func() uuid.UUID) {
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.Patch(context.Background(), next(), patch); err != nil {
				b.Error(err)
			}
		}
	})
}

func populated(b *testing.B, n int) *memstore.Store {
	b.Helper()
	s := new(memstore.Store)
	for i := range n {
		u := john
		u.ID = userID(i)
		if _, err := s.Create(context.Background(), u); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// userID returns the id of the i-th user.
func userID(i int) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[8:], uint64(i)+1)
	return id
}
