package sqlstore

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// A group lets concurrent writes share a transaction, since a commit that reaches
// the disk costs far more than a write. One caller leads: it begins a transaction
// and does its own write, which takes SQLite's write lock. Then it does the
// writes that are waiting by now, each in a savepoint, and commits. Every caller
// returns after the commit. A write that wants to be alone waits until it leads. The
// group has no goroutine, and nothing to close.
//
// The transaction is immediate in effect, since its first statement writes
// (sqlite.org/lang_transaction.html, section 2.2).
type group struct {
	store *Store

	mu      sync.Mutex
	led     bool    // a caller leads
	waiting []*turn // in order of arrival
}

// maxGroup bounds how many writes share a transaction, and so how long each waits
// for the others.
const maxGroup = 64

// A turn is one write that a caller has brought.
type turn struct {
	work
	ctx  context.Context // the caller's context, never cancelled
	next chan turnStep   // of capacity 1

	arrived  time.Time
	patience time.Duration // how long to wait for the write lock, since arrived; 0 leaves it to the engine

	user    userstore.User
	refusal error // of the work itself, if the transaction commits
	err     error
}

// A turnStep tells a waiting caller what to do.
type turnStep int

const (
	stepLead  turnStep = iota // lead a transaction
	stepAlone                 // do your write in a transaction of its own
	stepDone                  // return: your write has been done
)

// commit runs the work in a transaction that may be shared, and returns after that
// has been committed. If ctx ends while the write waits for its turn, the write is
// withdrawn; if ctx ends later, the write goes on for the grace.
func (g *group) commit(ctx context.Context, work work) (userstore.User, error) {
	t := &turn{work: work, ctx: context.WithoutCancel(ctx), next: make(chan turnStep, 1), arrived: time.Now()}
	if g.enter(t) {
		return g.follow(ctx, t, stepLead)
	}
	step, err := g.await(ctx, t)
	if err != nil {
		return userstore.User{}, err
	}
	return g.follow(ctx, t, step)
}

// await returns the next step of a turn that waits, or an error once ctx has ended.
func (g *group) await(ctx context.Context, t *turn) (turnStep, error) {
	select {
	case step := <-t.next:
		return step, nil
	case <-ctx.Done():
	}
	if g.withdraw(t) {
		return 0, ctx.Err()
	}
	// The leader has taken it, or has made it lead.
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case step := <-t.next:
		return step, nil
	case <-timer.C: // the leader is still at it
		return 0, sentError{ctx.Err(), ReachCommit}
	}
}

// follow takes the step and the ones that result from it, and returns the result of
// the write.
func (g *group) follow(ctx context.Context, t *turn, step turnStep) (userstore.User, error) {
	if step == stepLead {
		defer func() { g.handOver(t.patience) }()
		step = g.lead(ctx, t)
	}
	if step == stepAlone {
		return commitAsTransaction(ctx, g.store, t.work)
	}
	return t.user, t.err
}

// enter reports whether t leads. Otherwise t waits.
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

// withdraw removes t, and reports whether it was still waiting.
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

// handOver makes the first waiting turn lead. If the last leader did not get the
// write lock, patience is how long each turn may wait for it, and turns that have
// waited that long are refused.
func (g *group) handOver(patience time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.waiting) > 0 {
		first := g.waiting[0]
		g.waiting = slices.Delete(g.waiting, 0, 1)
		first.patience = patience
		if patience == 0 || time.Since(first.arrived) < patience {
			first.next <- stepLead
			return
		}
		first.err = errLocked{}
		first.next <- stepDone
	}
	g.led = false
}

// takeWaiting removes at most n waiting turns and returns them. It stops before one
// that wants to be alone.
func (g *group) takeWaiting(n int) []*turn {
	g.mu.Lock()
	defer g.mu.Unlock()
	n = min(len(g.waiting), n)
	if i := slices.IndexFunc(g.waiting[:n], func(t *turn) bool { return t.alone }); i >= 0 {
		n = i
	}
	taken := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	return taken
}
