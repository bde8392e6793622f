package sqlstore

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A group lets concurrent writes share a transaction, since a commit that
// reaches the disk costs far more than a write. One of the waiting callers
// leads: it begins a transaction, does its own write, which takes SQLite's
// write lock, then the writes of those who wait by then, each in a savepoint,
// and commits. Everybody returns after the commit. There is no goroutine of our
// own, and nothing to close.
//
// The transaction is immediate in effect: its first statement writes
// (sqlite.org/lang_transaction.html, section 2.2).
type group struct {
	store *Store

	mu      sync.Mutex
	led     bool    // somebody leads
	waiting []*turn // in order of arrival
}

// maxGroup bounds how many writes share a transaction, and so how long one
// waits for the others.
const maxGroup = 64

// A turn is a write that waits.
type turn struct {
	ctx  context.Context // of the caller, without its end
	work work
	next chan step // of capacity 1

	arrived  time.Time
	patience time.Duration // with the write lock, since then; 0 is the engine's own

	refusal error // of the work alone, if the transaction commits
	got     reach // with err, what came of it
	err     error
}

// A step is what a waiting caller is told.
type step int

const (
	lead  step = iota // the others, and your own write
	alone             // your own write only
	done              // your write is
)

// do does the write in a transaction that may be shared, and returns after the
// commit. A context that ends while the write waits withdraws it; one that ends
// later lets it go on for the grace.
func (g *group) do(ctx context.Context, work work) (reach, error) {
	t := &turn{ctx: context.WithoutCancel(ctx), work: work, next: make(chan step, 1), arrived: time.Now()}
	if g.enter(t) {
		return g.step(ctx, t, lead)
	}
	select {
	case s := <-t.next:
		return g.step(ctx, t, s)
	case <-ctx.Done():
	}
	if g.withdraw(t) {
		return notSent, ctx.Err()
	}
	select {
	case s := <-t.next: // somebody has done it, or made it lead
		return g.step(ctx, t, s)
	default:
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case s := <-t.next:
		return g.step(ctx, t, s)
	case <-timer.C: // somebody is still doing it
		return committing, ctx.Err()
	}
}

func (g *group) step(ctx context.Context, t *turn, s step) (reach, error) {
	switch s {
	case lead:
		defer func() { g.handOver(t.patience) }()
		if !g.lead(ctx, t) {
			return t.got, t.err
		}
	case done:
		return t.got, t.err
	}
	return runTransaction(ctx, g.store, t.work)
}

// enter reports whether t leads; otherwise it waits.
func (g *group) enter(t *turn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.led {
		g.led = true
		return true
	}
	g.waiting = append(g.waiting, t)
	return false
}

// withdraw reports whether t still waited, and does no longer.
func (g *group) withdraw(t *turn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, t)
	if i < 0 {
		return false
	}
	g.waiting = slices.Delete(g.waiting, i, i+1)
	return true
}

// handOver makes the first of those who wait the leader. Where the last one did
// not get the write lock, patience is how long each may wait for it, and those
// who have waited that long are refused.
func (g *group) handOver(patience time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.waiting) > 0 {
		first := g.waiting[0]
		g.waiting = slices.Delete(g.waiting, 0, 1)
		first.patience = patience
		if patience == 0 || time.Since(first.arrived) < patience {
			first.next <- lead
			return
		}
		first.err = errLocked{}
		first.next <- done
	}
	g.led = false
}

// take returns those who wait, at most so many.
func (g *group) take(most int) []*turn {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), most)
	taken := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	return taken
}
