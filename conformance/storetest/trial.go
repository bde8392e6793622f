package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
	"github.com/userrecord/userrecord/userstore"
)

// A trial is one run of a check against Stores of its own.
type trial struct {
	Requirement conformance.Requirement

	run       context.Context
	ctx       context.Context // of the calls, ends with the trial or when one hangs
	abort     func()          // ends ctx
	opts      *conformance.Options
	openStore Opener
	rand      *rand.Rand // only the goroutine that runs the check may use it

	calls, closing *watch

	closers   []func() error
	storeType string
	obstacle  string // why no Store could be opened

	mu       sync.Mutex
	observed []string
}

func newTrial(run context.Context, open Opener, o *conformance.Options, r conformance.Requirement) *trial {
	t := &trial{Requirement: r, run: run, opts: o, openStore: open, rand: suite.Rand(o.Seed, r.ID)}
	t.ctx, t.abort = context.WithCancel(run)
	t.calls = newWatch(run, t.ctx, t.abort)
	t.closing = newWatch(context.WithoutCancel(run), t.ctx, t.abort)
	return t
}

// attempt runs the check, and closes the Stores that it opened.
func (t *trial) attempt(c check, obstacle string) suite.Outcome {
	defer t.abort()
	if stopped := suite.Obstacle(t.run); stopped != "" {
		return suite.NotRun(stopped)
	}
	if obstacle != "" {
		return suite.NotRun(obstacle)
	}
	o := suite.Ended(func() { c.run(t) })
	if h := t.calls.seen(); h != nil && o.Status != conformance.NotRun {
		o = suite.Failed(h.failure())
	}
	if err := t.close(); err != nil && o.Status == conformance.Passed {
		o = suite.Failed(conformance.Failure{Expected: "the Store to close", Got: err.Error()})
	}
	if stopped := suite.Obstacle(t.run); stopped != "" {
		return suite.NotRun(stopped)
	}
	return o.Graded(c.Level, t.opts.Strict, t.observed)
}

// close closes the Stores, also those that hung, until one does not close in time, and
// returns the first error.
func (t *trial) close() (first error) {
	limit := t.patience()
	if t.run.Err() != nil || t.hung() != nil {
		limit = suite.Timeout(t.opts)
	}
	for _, f := range t.closers {
		_, err := bounded(t.closing, limit, "close", func() (struct{}, error) { return struct{}{}, f() })
		first = cmp.Or(first, err)
	}
	return first
}

// hung returns the first call that did not return, or nil.
func (t *trial) hung() *hang { return cmp.Or(t.calls.seen(), t.closing.seen()) }

// fail ends the trial with the failures.
func (t *trial) fail(failures ...conformance.Failure) { suite.Failed(failures...).End() }

// failf ends the trial: it expected something, and got what the format says.
func (t *trial) failf(expected, got string, args ...any) {
	t.fail(conformance.Failure{Expected: expected, Got: fmt.Sprintf(got, args...)})
}

// observef notes a choice of the Store, for the report.
func (t *trial) observef(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.observed = append(t.observed, fmt.Sprintf(format, args...))
}

// patience is how long opening or closing a Store may take: a minute, unless the timeout
// of a call is not the default.
func (t *trial) patience() time.Duration { return 6 * suite.Timeout(t.opts) }

// open returns a Store that holds the users. If it cannot be opened, this check and the
// later ones do not run: that says nothing about their requirements.
func (t *trial) open(users ...userstore.User) userstore.Store {
	if h := t.calls.seen(); h != nil {
		t.fail(h.failure())
	}
	type made struct {
		store userstore.Store
		close func() error
	}
	m, err := bounded(t.calls, t.patience(), "the Opener", func() (m made, err error) {
		m.store, m.close, err = t.openStore(t.ctx, users...)
		return m, err
	})
	if stopped := suite.Obstacle(t.run); stopped != "" {
		suite.NotRun(stopped).End()
	}
	if err == nil && m.store == nil {
		err = fmt.Errorf("the Opener returned no Store")
	}
	if err != nil {
		t.obstacle = fmt.Sprintf("no Store could be opened: %v", err)
		suite.NotRun(t.obstacle).End()
	}
	if m.close != nil {
		t.closers = append(t.closers, m.close)
	}
	t.storeType = fmt.Sprintf("%T", m.store)
	return guard{m.store, t.calls, suite.Timeout(t.opts)}
}

// get returns the user, and fails if the Store returns an error.
func (t *trial) get(s userstore.Store, id uuid.UUID) userstore.User {
	u, err := s.Get(t.ctx, id)
	if err != nil {
		t.failf("Get to return the user", "the error %q", err)
	}
	return u
}

// patch patches the user, and fails if the Store returns an error.
func (t *trial) patch(s userstore.Store, id uuid.UUID, patch userstore.Attributes) userstore.User {
	u, err := s.Patch(t.ctx, id, patch)
	if err != nil {
		t.failf("Patch to take "+showAttributes(patch), "the error %q", err)
	}
	return u
}

// patchTo patches the user, and fails unless the record returned, and the one read
// afterwards, have the wanted attributes.
func (t *trial) patchTo(s userstore.Store, id uuid.UUID, patch, want userstore.Attributes) {
	got := t.patch(s, id, patch)
	t.expect("returned by Patch of "+showAttributes(patch), want, got.Attributes)
	t.expect("read after Patch of "+showAttributes(patch), want, t.get(s, id).Attributes)
}

// expect fails unless the attributes are the wanted ones. Whether they are canonical is
// a requirement of its own, and makes no difference here.
func (t *trial) expect(when string, want, got userstore.Attributes) {
	if differences := compare(want, got); len(differences) > 0 {
		t.fail(suite.At(when, differences)...)
	}
}
