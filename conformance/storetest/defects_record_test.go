package storetest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with records.
var recordDefects = []defect{
	{"get-returns-nothing", func(s *wrongStore, _ []user) {
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			u, err := s.right.Get(ctx, id)
			return user{ID: u.ID, CreatedAt: u.CreatedAt}, err
		}
	}},
	{"patch-returns-the-record-before", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		before, _ := s.right.Get(ctx, id)
		_, err := s.right.Patch(ctx, id, patch)
		return before, err
	})},
	{"patch-returns-the-patch", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		u, err := s.right.Patch(ctx, id, patch)
		u.Attributes = attrs{}.Merge(patch)
		return u, err
	})},
	{"patch-returns-no-id", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		u, err := s.right.Patch(ctx, id, patch)
		u.ID = uuid.Nil
		return u, err
	})},
	{"created-at-is-the-update", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		u, err := s.right.Patch(ctx, id, patch)
		u.CreatedAt = time.Now().UTC()
		return u, err
	})},
	{"created-at-in-milliseconds", returning(func(u *user) { u.CreatedAt = u.CreatedAt.Truncate(time.Millisecond) })},
	{"created-at-in-another-zone", returning(func(u *user) { u.CreatedAt = u.CreatedAt.In(time.FixedZone("CET", 3600)) })},
	{"created-at-in-32-bits", returning(func(u *user) { u.CreatedAt = time.UnixMicro(u.CreatedAt.UnixMicro() % (1 << 31 * 1e6)).UTC() })},
	{"null-in-the-record", returning(func(u *user) {
		if u.Attributes.FirstName.IsZero() {
			u.Attributes.FirstName = userstore.Null[string]()
		}
	})},
	{"empty-address-in-the-record", returning(func(u *user) {
		if u.Attributes.Address.IsZero() {
			u.Attributes.Address = userstore.Value(userstore.Address{})
		}
	})},
	{"keeps-the-list-of-users", keepsTheList},
	{"writes-to-the-list-of-users", func(s *wrongStore, users []user) {
		var mu sync.Mutex
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			u, err := s.right.Patch(ctx, id, patch)
			mu.Lock()
			defer mu.Unlock()
			for i := range users {
				if err == nil && users[i].ID == id {
					users[i] = u
				}
			}
			return u, err
		}
	}},
}

// What goes wrong with ids.
var idDefects = []defect{
	{"patches-everybody", func(s *wrongStore, users []user) {
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			u, err := s.right.Patch(ctx, id, patch)
			for _, other := range users {
				if err == nil && other.ID != uuid.Nil {
					s.right.Patch(ctx, other.ID, patch)
				}
			}
			return u, err
		}
	}},
	{"patches-the-next-user-too", func(s *wrongStore, users []user) {
		users = append([]user{}, users...)
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			for i := range users[1:] {
				if users[i].ID == id && patch.Gender == userstore.Value("male") {
					s.right.Patch(ctx, users[i+1].ID, patch)
				}
			}
			return s.right.Patch(ctx, id, patch)
		}
	}},
	{"id-in-text-without-case", finding(func(id uuid.UUID) uuid.UUID {
		return uuid.UUID([]byte(strings.ToLower(string(id[14:])) + string(id[:14])))
	})},
	{"id-without-its-last-byte", finding(func(id uuid.UUID) uuid.UUID { id[15] = 0; return id })},
	{"id-trimmed", finding(func(id uuid.UUID) uuid.UUID {
		if id[15] == ' ' {
			id[15] = 0
		}
		return id
	})},
	{"creates-who-is-unknown", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		u, err := s.right.Patch(ctx, id, patch)
		if errors.Is(err, userstore.ErrNotFound) && id != uuid.Nil {
			return s.right.Create(ctx, user{ID: id, Attributes: patch})
		}
		return u, err
	})},
}

// keepsTheList reads the users from the slice that it was opened with.
func keepsTheList(s *wrongStore, users []user) {
	s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
		u, err := s.right.Get(ctx, id)
		for i := range users {
			if users[i] == (user{}) && err == nil {
				return user{}, userstore.ErrNotFound
			}
		}
		return u, err
	}
}
