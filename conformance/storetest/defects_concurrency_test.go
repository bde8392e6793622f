package storetest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong when many goroutines use one user.
var concurrencyDefects = []defect{
	{"lost-updates", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		u, err := s.right.Get(ctx, id)
		if err != nil || patch.Check() != nil {
			return s.right.Patch(ctx, id, patch)
		}
		time.Sleep(time.Millisecond)
		return s.right.Patch(context.WithoutCancel(ctx), id, whole(u.Attributes.Merge(patch)))
	})},
	{"lost-updates-of-the-address", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		u, err := s.right.Get(ctx, id)
		if err != nil || patch.Check() != nil || patch.Address.IsZero() {
			return s.right.Patch(ctx, id, patch)
		}
		time.Sleep(time.Millisecond)
		patch.Address = whole(attrs{Address: u.Attributes.Merge(patch).Address}).Address
		return s.right.Patch(context.WithoutCancel(ctx), id, patch)
	})},
	{"writes-in-two-steps", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if patch.Check() == nil {
			first, _ := halves(patch)
			if _, err := s.right.Patch(ctx, id, first); err != nil {
				return user{}, err
			}
			time.Sleep(time.Millisecond)
			ctx = context.WithoutCancel(ctx)
		}
		return s.right.Patch(ctx, id, patch)
	})},
	{"reads-in-two-steps", func(s *wrongStore, _ []user) {
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			u, err := s.right.Get(ctx, id)
			if err != nil {
				return u, err
			}
			time.Sleep(time.Millisecond)
			later, err := s.right.Get(ctx, id)
			later.Attributes.FirstName = u.Attributes.FirstName
			return later, err
		}
	}},
	{"mixes-long-texts", func(s *wrongStore, _ []user) {
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			before, _ := s.right.Get(ctx, id)
			old, _ := before.Attributes.FirstName.Get()
			if v, _ := patch.FirstName.Get(); len(v) == 200 && len(old) == 200 {
				patch.FirstName = userstore.Value(v[:100] + old[100:])
			}
			return s.right.Patch(ctx, id, patch)
		}
	}},
	{"returns-what-came-later", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if u, err := s.right.Patch(ctx, id, patch); err != nil {
			return u, err
		}
		time.Sleep(time.Millisecond)
		return s.right.Get(context.WithoutCancel(ctx), id)
	})},
	{"reads-from-two-replicas", readsFromTwoReplicas},
	{"reads-from-a-slow-replica", readsFromASlowReplica},
	{"another-session-reads-late", func(s *wrongStore, users []user) {
		snapshot := memstore.New(users...)
		var first atomic.Value // the context of the first session
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			first.CompareAndSwap(nil, ctx.Done())
			if ctx.Done() != first.Load() && ctx.Err() == nil {
				return snapshot.Get(ctx, id)
			}
			return s.right.Get(ctx, id)
		}
	}},
}

// readsFromTwoReplicas patches one replica after the other, and reads them by turns.
func readsFromTwoReplicas(s *wrongStore, users []user) {
	var mu sync.Mutex
	var n atomic.Int64
	second := memstore.New(users...)
	s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
		if n.Add(1)%2 == 0 {
			return s.right.Get(ctx, id)
		}
		return second.Get(ctx, id)
	}
	s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		mu.Lock()
		defer mu.Unlock()
		u, err := s.right.Patch(ctx, id, patch)
		if err == nil {
			time.Sleep(2 * time.Millisecond)
			second.Patch(context.WithoutCancel(ctx), id, patch)
		}
		return u, err
	}
}

// readsFromASlowReplica reads, for a while, what was there before the last patch.
func readsFromASlowReplica(s *wrongStore, _ []user) {
	var mu sync.Mutex
	before := map[uuid.UUID]user{}
	s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		mu.Lock()
		defer mu.Unlock()
		old, _ := s.right.Get(ctx, id)
		u, err := s.right.Patch(ctx, id, patch)
		if err == nil {
			before[id] = old
		}
		return u, err
	}
	s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
		mu.Lock()
		defer mu.Unlock()
		u, err := s.right.Get(ctx, id)
		if old, ok := before[id]; ok && err == nil {
			delete(before, id)
			return old, nil
		}
		return u, err
	}
}
