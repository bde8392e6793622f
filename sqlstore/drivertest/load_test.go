package drivertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A load is writers that patch while something happens to the database. Each
// patch has a place of its own, which nobody writes after it was acknowledged:
// so a later patch cannot hide that one was lost.
type load struct {
	store  userstore.Store
	ids    []uuid.UUID
	next   atomic.Int64 // the first slot that nobody has
	cancel context.CancelFunc
	all    sync.WaitGroup

	mu       sync.Mutex
	acked    []int       // slots
	times    []time.Time // of them
	failures map[string]int
	strange  []error
}

const (
	loadUsers   = 600
	loadWriters = 8
	loadPause   = 4 * time.Millisecond // of a writer between patches, so that there are slots enough
)

// slotValue is what is written to a slot: a place of a user, counted over all.
func slotValue(slot int) string { return fmt.Sprint("slot ", slot) }

// startLoad creates the users and lets the writers begin.
func startLoad(t *testing.T, store *sqlstore.Store) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	l := &load{store: store, ids: createMany(t, store, loadUsers), cancel: cancel, failures: make(map[string]int)}
	for range loadWriters {
		l.all.Go(func() { l.write(ctx) })
	}
	t.Cleanup(l.stop)
	return l
}

func (l *load) write(ctx context.Context) {
	for ctx.Err() == nil {
		slot := int(l.next.Add(1) - 1)
		if slot >= len(l.ids)*len(scalars) {
			l.mu.Lock()
			l.strange = append(l.strange, errors.New("the slots did not suffice"))
			l.mu.Unlock()
			return
		}
		l.fill(ctx, slot)
		time.Sleep(loadPause)
	}
}

// fill patches until that is acknowledged.
func (l *load) fill(ctx context.Context, slot int) {
	id, place := l.ids[slot/len(scalars)], scalars[slot%len(scalars)]
	for ctx.Err() == nil {
		_, err := l.store.Patch(ctx, id, values{place: slotValue(slot)}.attributes())
		if l.note(ctx, slot, err) {
			return
		}
		time.Sleep(loadPause) // nobody may be there for seconds
	}
}

// note reports whether the patch was acknowledged.
func (l *load) note(ctx context.Context, slot int, err error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.acked, l.times = append(l.acked, slot), append(l.times, time.Now())
		return true
	case ctx.Err() != nil:
	case errors.Is(err, sqlstore.ErrOutcomeUnknown):
		l.failures["unknown"]++
	case errors.Is(err, sqlstore.ErrUnavailable):
		l.failures["unavailable"]++
	case errors.Is(err, sqlstore.ErrConflict):
		l.failures["conflict"]++
	default:
		l.strange = append(l.strange, err)
	}
	return false
}

// stop ends the writers.
func (l *load) stop() {
	l.cancel()
	l.all.Wait()
}

// await returns when n more patches are acknowledged.
func (l *load) await(t *testing.T, n int) {
	t.Helper()
	acked := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.acked)
	}
	most := acked() + n
	for deadline := time.Now().Add(childPatience); acked() < most; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("nobody can write: %v, %v", l.failures, l.strange)
		}
	}
}

// gap is the longest time without a patch, after the event.
func (l *load) gap(event time.Time) (longest time.Duration) {
	last := event
	for _, now := range l.times {
		if now.After(event) {
			longest, last = max(longest, now.Sub(last)), now
		}
	}
	return longest
}

// lost reads all users, and returns the slots that were acknowledged and are not
// there, and what happened besides. The writers have stopped.
func (l *load) lost(t *testing.T, store *sqlstore.Store) (lost []int) {
	t.Helper()
	stored := make(map[uuid.UUID]values)
	for user, err := range store.All(t.Context()) {
		require.NoError(t, err)
		stored[user.ID] = valuesOf(user.Attributes)
	}
	for _, slot := range l.acked {
		if stored[l.ids[slot/len(scalars)]][scalars[slot%len(scalars)]] != slotValue(slot) {
			lost = append(lost, slot)
		}
	}
	for _, err := range l.strange {
		t.Error(err)
	}
	return lost
}

// summary is for the log.
func (l *load) summary(event time.Time, lost []int) string {
	var failures []string
	for class, n := range l.failures {
		failures = append(failures, fmt.Sprintf("%d %s", n, class))
	}
	slices.Sort(failures)
	return fmt.Sprintf("%d acknowledged, %d lost; longest gap %v; failed calls: %s",
		len(l.acked), len(lost), l.gap(event).Round(time.Millisecond), strings.Join(failures, ", "))
}
