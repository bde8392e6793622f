package faulty

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// For how long the faults leave a gap into which other patches can come.
const (
	gap     = time.Millisecond
	longGap = 4 * time.Millisecond
)

// What goes wrong when patches of one user come at the same time.
func concurrencyFaults() []Fault {
	return []Fault{
		{"lost-update", "The record is read, changed and written whole, without a lock.", storePatch(lostWithin(gap))},
		{"lost-update-brief", "The record is read, changed and written whole within 0.2 ms, without a lock.", storePatch(lostWithin(200 * time.Microsecond))},
		{"lost-address", "The address is read, changed and written whole, without a lock.", storePatch(lostAddress)},
		{"torn-write", "The attributes of a patch are written one after the other, without a transaction.", storePatch(tornWrite)},
		{"torn-read", "A read during a write shows its first name and nothing else of it.", tornRead},
		{"torn-value", "Two texts of the same attribute, written at once, are mixed.", tornValue},
		{"busy-dropped", "A patch that finds the user busy is answered with 200 and dropped.", busyDropped},
		{"busy-old-answer", "The answer to a patch that waited shows the record from before it.", busyOld},
	}
}

// lostWithin leaves the time between the read and the write.
func lostWithin(gap time.Duration) patchFunc {
	return func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		user, err := next.Get(ctx, id)
		if err != nil || isRead(patch) {
			return next.Patch(ctx, id, patch)
		}
		time.Sleep(gap)
		return next.Patch(ctx, id, whole(user.Attributes.Merge(patch)))
	}
}

func lostAddress(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	user, err := next.Get(ctx, id)
	if _, ok := patch.Address.Get(); err != nil || !ok {
		return next.Patch(ctx, id, patch)
	}
	time.Sleep(gap)
	patch.Address = user.Attributes.Merge(patch).Address
	if _, ok := patch.Address.Get(); ok {
		patch = replacingAddress(patch)
	}
	return next.Patch(ctx, id, patch)
}

func tornWrite(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	names := patch.Names()
	for i, name := range names {
		if i > 0 {
			time.Sleep(gap)
		}
		one := rewrite(patch, func(o object) {
			for other := range o {
				if other != name {
					delete(o, other)
				}
			}
		})
		if user, err := next.Patch(ctx, id, one); err != nil {
			return user, err
		}
	}
	return next.Patch(ctx, id, userstore.Attributes{})
}

// tornRead shows the first name of a patch, and nothing else of it, while the patch is in
// progress.
func tornRead(s *server) {
	var mu sync.Mutex
	pending := map[uuid.UUID]userstore.Attributes{}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		if isRead(patch) {
			mu.Lock()
			defer mu.Unlock()
			user, err := next.Get(ctx, id)
			user.Attributes = user.Attributes.Merge(userstore.Attributes{FirstName: pending[id].FirstName})
			return user, err
		}
		mu.Lock()
		pending[id] = patch
		mu.Unlock()
		time.Sleep(longGap)
		mu.Lock()
		defer mu.Unlock()
		delete(pending, id)
		return next.Patch(ctx, id, patch)
	})(s)
}

// tornValue mixes the last names of patches that overlap.
func tornValue(s *server) {
	var mu sync.Mutex
	last, writing := map[uuid.UUID]string{}, map[uuid.UUID]int{}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		v, ok := patch.LastName.Get()
		if !ok {
			return next.Patch(ctx, id, patch)
		}
		mu.Lock()
		other, overlaps := last[id], writing[id] > 0
		last[id] = v
		writing[id]++
		mu.Unlock()
		time.Sleep(gap)
		mu.Lock()
		defer mu.Unlock()
		writing[id]--
		if !overlaps {
			other = last[id]
		}
		patch.LastName = userstore.Value(v[:len(v)/2] + other[len(other)/2:])
		return next.Patch(ctx, id, patch)
	})(s)
}

// busy tells each patch whether it found another patch of the user in progress.
func busy(change func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes, found bool) (userstore.User, error)) func(*server) {
	return func(s *server) {
		var mu sync.Mutex
		count := map[uuid.UUID]int{}
		add := func(id uuid.UUID, n int) bool {
			mu.Lock()
			defer mu.Unlock()
			count[id] += n
			return count[id] > 1
		}
		storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
			if isRead(patch) {
				return next.Patch(ctx, id, patch)
			}
			found := add(id, 1)
			defer add(id, -1)
			return change(ctx, next, id, patch, found)
		})(s)
	}
}

func busyDropped(s *server) {
	busy(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes, found bool) (userstore.User, error) {
		if !found {
			time.Sleep(gap)
			return next.Patch(ctx, id, patch)
		}
		user, err := next.Get(ctx, id)
		user.Attributes = user.Attributes.Merge(patch)
		return user, err
	})(s)
}

func busyOld(s *server) {
	busy(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes, found bool) (userstore.User, error) {
		if found {
			return oldRecord(ctx, next, id, patch)
		}
		time.Sleep(gap)
		return next.Patch(ctx, id, patch)
	})(s)
}
