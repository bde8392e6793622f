package conformance

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// NewStore returns a Store that holds the users and nobody else, each as
// [userstore.User.Canonical] makes it, and the function that closes it, which may
// be nil. It is called for every check anew. Where the Store sets CreatedAt
// itself, keep the given one.
type NewStore func(ctx context.Context, users ...userstore.User) (store userstore.Store, close func() error, err error)

// TestStore runs the requirements of Stores, each as a subtest with its id as
// its name and as the attribute "requirement". A MUST that is not met fails its
// subtest; everything else is logged.
func TestStore(t *testing.T, newStore NewStore) {
	t.Helper()
	report, err := CheckStore(t.Context(), newStore, nil)
	if err != nil {
		t.Fatal(err)
	}
	showReport(t, report)
}

// CheckStore runs the requirements of Stores, each against a Store of its own.
// The error says what is wrong with the options; where no Store can be made the
// report is inconclusive. A Store that panics, or does not return within the
// timeout of the options, fails the check. When ctx ends, so does the run; what
// did not run by then is not run.
func CheckStore(ctx context.Context, newStore NewStore, opts *Options) (*Report, error) {
	o := opts.seeded()
	if err := o.validate(requirementsOf(Store)); err != nil {
		return nil, err
	}
	report := o.newReport(Store, "")
	runSelected(&o, report, storeChecks(), func(c storeCheck) Result {
		t := newStoreTrial(ctx, newStore, &o, c.Requirement)
		found := t.attempt(c, report.Reason)
		report.Target = cmp.Or(report.Target, t.name)
		report.Reason = cmp.Or(report.Reason, t.blocked)
		return Result{Requirement: c.Requirement, Status: found.status, Reason: found.reason, Exchanges: []Exchange{}}
	})
	report.finish()
	return report, nil
}

// A storeCheck is a requirement of Stores and the function that tries it.
type storeCheck struct {
	Requirement
	run func(*storeTrial)
}

// storeMust returns a check of what the prose of [userstore.Store] promises.
func storeMust(id, title, source string, run func(*storeTrial)) storeCheck {
	return storeCheck{Requirement{ID: "store." + id, Level: Must, Subject: Store, Title: title, Source: "userstore.Store, " + source}, run}
}

// A storeTrial is one check being run against a Store.
type storeTrial struct {
	Requirement Requirement

	ctx  context.Context
	opts *Options
	new  NewStore
	rand *rand.Rand // for the goroutine that runs the check

	closers []func() error
	name    string // of the Store's type
	blocked string // why no Store could be made

	mu       sync.Mutex
	observed []string
}

func newStoreTrial(ctx context.Context, newStore NewStore, o *Options, r Requirement) *storeTrial {
	return &storeTrial{Requirement: r, ctx: ctx, opts: o, new: newStore, rand: ownRand(o.Seed, r.ID)}
}

// ownRand returns a source of a check's own: what it draws does not depend on
// which other checks run.
func ownRand(seed uint64, id string) *rand.Rand {
	own := fnv.New64()
	fmt.Fprint(own, id)
	return rand.New(rand.NewPCG(seed, own.Sum64()))
}

// attempt runs the check and closes the Stores that it made.
func (t *storeTrial) attempt(c storeCheck, blocked string) outcome {
	if t.ctx.Err() != nil {
		return outcome{NotRun, stopped}
	}
	if blocked != "" {
		return outcome{NotRun, blocked}
	}
	o := ended(func() { c.run(t) })
	for _, f := range t.closers {
		_, err := bounded(t.patience(), "close", func() (struct{}, error) { return struct{}{}, f() })
		if err != nil && o.status == Passed {
			o = outcome{Failed, fmt.Sprintf("expected the Store to close, got %v", err)}
		}
	}
	if t.ctx.Err() != nil {
		return outcome{NotRun, stopped}
	}
	return o.graded(c.Level, t.opts.Strict, t.observed)
}

// failf says what was expected and what came, and ends the trial.
func (t *storeTrial) failf(format string, args ...any) {
	panic(outcome{Failed, fmt.Sprintf(format, args...)})
}

// observef notes a choice of the Store.
func (t *storeTrial) observef(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.observed = append(t.observed, fmt.Sprintf(format, args...))
}

// patience is how long a call may take; making and closing a Store may take a
// minute.
func (t *storeTrial) patience() time.Duration { return max(t.opts.timeout(), time.Minute) }

// open returns a Store that holds the users. Where none can be made, nothing
// more is run: that says nothing about the requirement.
func (t *storeTrial) open(users ...userstore.User) userstore.Store {
	type made struct {
		store userstore.Store
		close func() error
	}
	m, err := bounded(t.patience(), "newStore", func() (m made, err error) {
		m.store, m.close, err = t.new(t.ctx, users...)
		return m, err
	})
	if err == nil && m.store == nil {
		err = fmt.Errorf("newStore returned no Store")
	}
	if err != nil {
		t.blocked = fmt.Sprintf("no Store could be made: %v", err)
		panic(outcome{NotRun, t.blocked})
	}
	if m.close != nil {
		t.closers = append(t.closers, m.close)
	}
	t.name = fmt.Sprintf("%T", m.store)
	return guard{m.store, t.opts.timeout()}
}

// get returns the user, and fails where it cannot.
func (t *storeTrial) get(s userstore.Store, id uuid.UUID) userstore.User {
	u, err := s.Get(t.ctx, id)
	if err != nil {
		t.failf("expected Get to return the user, got the error %q", err)
	}
	return u
}

// patch patches the user, and fails where that fails.
func (t *storeTrial) patch(s userstore.Store, id uuid.UUID, patch userstore.Attributes) userstore.User {
	u, err := s.Patch(t.ctx, id, patch)
	if err != nil {
		t.failf("expected Patch to take %s, got the error %q", showAttributes(patch), err)
	}
	return u
}

// patchTo patches the user, and fails unless the answer, and what is read
// afterwards, have the attributes that are wanted.
func (t *storeTrial) patchTo(s userstore.Store, id uuid.UUID, patch, want userstore.Attributes) {
	got := t.patch(s, id, patch)
	t.expect("returned by Patch of "+showAttributes(patch), want, got.Attributes)
	t.expect("read after Patch of "+showAttributes(patch), want, t.get(s, id).Attributes)
}

// expect fails unless the attributes are as wanted. Canonical form is a
// requirement of its own, and makes no difference here.
func (t *storeTrial) expect(when string, want, got userstore.Attributes) {
	if diff := difference(want, got); diff != "" {
		t.failf("%s: %s", when, diff)
	}
}
