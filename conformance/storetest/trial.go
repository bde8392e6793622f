package storetest

import (
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

// A trial is one check being run against a Store.
type trial struct {
	Requirement conformance.Requirement

	ctx       context.Context
	opts      *conformance.Options
	openStore Opener
	rand      *rand.Rand // for the goroutine that runs the check

	closers []func() error
	name    string // of the Store's type
	blocked string // why no Store could be made

	mu       sync.Mutex
	observed []string
}

func newTrial(ctx context.Context, open Opener, o *conformance.Options, r conformance.Requirement) *trial {
	return &trial{Requirement: r, ctx: ctx, opts: o, openStore: open, rand: suite.Rand(o.Seed, r.ID)}
}

// attempt runs the check and closes the Stores that it made.
func (t *trial) attempt(c check, blocked string) suite.Outcome {
	if t.ctx.Err() != nil {
		return suite.Outcome{Status: conformance.NotRun, Reason: suite.Stopped}
	}
	if blocked != "" {
		return suite.Outcome{Status: conformance.NotRun, Reason: blocked}
	}
	o := suite.Ended(func() { c.run(t) })
	for _, f := range t.closers {
		_, err := bounded(t.patience(), "close", func() (struct{}, error) { return struct{}{}, f() })
		if err != nil && o.Status == conformance.Passed {
			o = suite.Outcome{Status: conformance.Failed, Reason: fmt.Sprintf("expected the Store to close, got %v", err)}
		}
	}
	if t.ctx.Err() != nil {
		return suite.Outcome{Status: conformance.NotRun, Reason: suite.Stopped}
	}
	return o.Graded(c.Level, t.opts.Strict, t.observed)
}

// failf says what was expected and what came, and ends the trial.
func (t *trial) failf(format string, args ...any) {
	suite.Outcome{Status: conformance.Failed, Reason: fmt.Sprintf(format, args...)}.End()
}

// observef notes a choice of the Store.
func (t *trial) observef(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.observed = append(t.observed, fmt.Sprintf(format, args...))
}

// patience is how long a call may take; making and closing a Store may take a
// minute.
func (t *trial) patience() time.Duration { return max(suite.Timeout(t.opts), time.Minute) }

// open returns a Store that holds the users. Where none can be made, nothing
// more is run: that says nothing about the requirement.
func (t *trial) open(users ...userstore.User) userstore.Store {
	type made struct {
		store userstore.Store
		close func() error
	}
	m, err := bounded(t.patience(), "newStore", func() (m made, err error) {
		m.store, m.close, err = t.openStore(t.ctx, users...)
		return m, err
	})
	if err == nil && m.store == nil {
		err = fmt.Errorf("newStore returned no Store")
	}
	if err != nil {
		t.blocked = fmt.Sprintf("no Store could be made: %v", err)
		suite.Outcome{Status: conformance.NotRun, Reason: t.blocked}.End()
	}
	if m.close != nil {
		t.closers = append(t.closers, m.close)
	}
	t.name = fmt.Sprintf("%T", m.store)
	return guard{m.store, suite.Timeout(t.opts)}
}

// get returns the user, and fails where it cannot.
func (t *trial) get(s userstore.Store, id uuid.UUID) userstore.User {
	u, err := s.Get(t.ctx, id)
	if err != nil {
		t.failf("expected Get to return the user, got the error %q", err)
	}
	return u
}

// patch patches the user, and fails where that fails.
func (t *trial) patch(s userstore.Store, id uuid.UUID, patch userstore.Attributes) userstore.User {
	u, err := s.Patch(t.ctx, id, patch)
	if err != nil {
		t.failf("expected Patch to take %s, got the error %q", showAttributes(patch), err)
	}
	return u
}

// patchTo patches the user, and fails unless the answer, and what is read
// afterwards, have the attributes that are wanted.
func (t *trial) patchTo(s userstore.Store, id uuid.UUID, patch, want userstore.Attributes) {
	got := t.patch(s, id, patch)
	t.expect("returned by Patch of "+showAttributes(patch), want, got.Attributes)
	t.expect("read after Patch of "+showAttributes(patch), want, t.get(s, id).Attributes)
}

// expect fails unless the attributes are as wanted. Canonical form is a
// requirement of its own, and makes no difference here.
func (t *trial) expect(when string, want, got userstore.Attributes) {
	if diff := difference(want, got); diff != "" {
		t.failf("%s: %s", when, diff)
	}
}
