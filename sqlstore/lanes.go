package sqlstore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// lanes keep the writes of one user from taking every connection of the pool while
// the user's row is locked. Only a few writes of a user are under way at once; the
// others wait here without a connection, in order of arrival.
//
// A lane is one wide at first, so that a locked row costs one connection. Each
// success widens the lane by one, up to maxLane, so that the next writes are at the
// server already when a commit unlocks the row. A failure narrows it to one. See
// [Store.widestLane].
type lanes struct {
	mu     sync.Mutex
	byUser map[uuid.UUID]lane // of users with writes under way
}

// maxLane bounds how many writes of a user are under way. With a round trip of
// 0.5 ms, 16 writers of one row were as fast with 4 as without a bound, half as
// fast with 2, and a seventh as fast with 1.
const maxLane = 4

type lane struct {
	writing, width int
	waiting        []*waiter // in order of arrival
}

type waiter struct {
	arrived  time.Time
	admitted chan error // of capacity 1; nil lets it write, any other error is its result
}

// enter waits until the caller may write the user; then the caller must call leave
// with the time at which its write began. Otherwise the error is that of ctx, or
// one that another write shares; see leave.
func (ls *lanes) enter(ctx context.Context, id uuid.UUID) (began time.Time, err error) {
	began = time.Now()
	w := ls.join(id, began)
	if w == nil {
		return began, nil
	}
	select {
	case err = <-w.admitted:
	case <-ctx.Done():
		if ls.withdraw(id, w) {
			return began, ctx.Err()
		}
		err = <-w.admitted // too late to withdraw; the write will see that ctx is done
	}
	return time.Now(), err
}

// join returns nil if the lane has room, and otherwise the caller's place in the
// queue.
func (ls *lanes) join(id uuid.UUID, now time.Time) (w *waiter) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.byUser[id]
	l.width = max(l.width, 1)
	if l.writing < l.width {
		l.writing++
	} else {
		w = &waiter{now, make(chan error, 1)}
		l.waiting = append(l.waiting, w)
	}
	if ls.byUser == nil {
		ls.byUser = make(map[uuid.UUID]lane)
	}
	ls.byUser[id] = l
	return w
}

// withdraw removes w, and reports whether it was still waiting.
func (ls *lanes) withdraw(id uuid.UUID, w *waiter) bool {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.byUser[id]
	i := slices.Index(l.waiting, w)
	if i < 0 {
		return false
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	ls.byUser[id] = l
	return true
}

// leave ends a write and admits the next ones, to a lane of at most that width. If
// shared is not nil, it is also the result of every write that has waited since
// before this one began, and so at least as long.
func (ls *lanes) leave(id uuid.UUID, began time.Time, widest int, shared error) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.byUser[id]
	l.writing--
	l.width = min(l.width+1, widest)
	for shared != nil && len(l.waiting) > 0 && !l.waiting[0].arrived.After(began) {
		l.admitFirst(shared)
	}
	for len(l.waiting) > 0 && l.writing < l.width {
		l.writing++
		l.admitFirst(nil)
	}
	if l.writing == 0 {
		delete(ls.byUser, id)
		return
	}
	ls.byUser[id] = l
}

func (l *lane) admitFirst(result error) {
	l.waiting[0].admitted <- result
	l.waiting = slices.Delete(l.waiting, 0, 1)
}

// widestLane is how wide a lane may be after a write that ended with err. It leaves
// a connection of a small pool to the writes of others.
func (s *Store) widestLane(err error) int {
	conns := s.db.Stats().MaxOpenConnections
	switch {
	case err != nil:
		return 1
	case conns == 0: // no limit
		return maxLane
	}
	return min(max(conns-1, 1), maxLane)
}

// sharedError returns the driver's error if it would be the same for others that
// have waited as long: a lock was held for too long, or the database is away.
func (s *Store) sharedError(err error) error {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok || e.ended != nil:
		return nil
	case e.class == ErrUnavailable, e.class == ErrConflict && s.engine.classify(e.driver).kind == kindLocked:
		return e.driver
	}
	return nil
}
