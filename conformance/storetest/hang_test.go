package storetest

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/userstore"
)

// An outcome is what a run came to.
type outcome struct {
	Verdict  conformance.Verdict
	Took     time.Duration
	Failed   []string // the ids, and their reasons
	Obstacle string
	NotRun   int
}

func outcomeOf(r *conformance.Report, took time.Duration) outcome {
	o := outcome{Verdict: r.Verdict, Took: took, Obstacle: r.Obstacle, NotRun: r.Summary.NotRun}
	for _, result := range r.Results {
		if result.Status == conformance.Failed {
			o.Failed = append(o.Failed, result.ID+": "+result.Reason())
		}
	}
	return o
}

const noReturn = ": expected Patch to return within 1s, got no return"

// The number of checks, and of those that follow store.get and store.patch-unknown.
var (
	all          = len(Requirements())
	afterGet     = all - 1
	afterUnknown = all - 3
)

// A Store that hangs ends the run soon, with the name of the method that hangs.
func TestHanging(t *testing.T) {
	hang := func() { time.Sleep(hanging) } // whatever the context says
	for name, test := range map[string]struct {
		open Opener
		want outcome
	}{
		"Patch": {
			openSpoilt(spoiltPatch(func(*wrongStore, context.Context, uuid.UUID, attrs) (user, error) { hang(); return user{}, nil })),
			outcome{conformance.NonConformant, 2 * time.Second, []string{"store.patch-unknown" + noReturn}, "Patch did not return within 1s, and neither did a plain Patch", afterUnknown},
		},
		"Get": {
			openSpoilt(func(s *wrongStore, _ []user) {
				s.get = func(context.Context, uuid.UUID) (user, error) { hang(); return user{}, nil }
			}),
			outcome{conformance.NonConformant, 2 * time.Second, []string{"store.get: expected Get to return within 1s, got no return"}, "Get did not return within 1s, and neither did a plain Get", afterGet},
		},
		"the Opener": {
			func(context.Context, ...user) (userstore.Store, func() error, error) { hang(); return nil, nil, nil },
			outcome{conformance.Inconclusive, 6 * time.Second, nil, "no Store could be opened: the Opener did not return within 6s", all},
		},
		"close": {
			closing(func() error { hang(); return nil }),
			outcome{conformance.NonConformant, 12 * time.Second, []string{"store.get: expected the Store to close, got close did not return within 6s"}, "close did not return within 6s, and neither did a plain close", afterGet},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				report, err := Check(t.Context(), test.open, &conformance.Options{Timeout: time.Second, Seed: 1})
				require.NoError(t, err)
				if diff := cmp.Diff(test.want, outcomeOf(report, time.Since(begin))); diff != "" {
					t.Errorf("outcome (-want +got):\n%s", diff)
				}
				time.Sleep(2 * hanging) // until the last call has ended
			})
		})
	}
}

// openHangingUnlessPlain opens Stores that hang at all patches but one.
var openHangingUnlessPlain = openSpoilt(spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
	if patch != plainAttributes(1) {
		time.Sleep(hanging)
	}
	return s.right.Patch(ctx, id, patch)
}))

// A Store that hangs only where something is special costs each check one timeout, and
// not more than twelve.
func TestHangingOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		report, err := Check(t.Context(), openHangingUnlessPlain, &conformance.Options{Timeout: time.Second, Seed: 1})
		require.NoError(t, err)
		got := outcomeOf(report, time.Since(begin).Truncate(time.Second))
		for _, id := range []string{"store.patch-unknown", "store.set", "store.null"} {
			if !slices.Contains(got.Failed, id+noReturn) {
				t.Errorf("%s did not fail", id)
			}
		}
		if len(got.Failed) != maxHung || got.Obstacle != "12 checks had a call that did not return" || got.Took > (maxHung+2)*time.Second {
			t.Errorf("%d failed in %v: %s", len(got.Failed), got.Took, got.Obstacle)
		}
		time.Sleep(2 * hanging)
	})
}

// After the first call that hangs, a check makes no other, whatever it does with errors.
func TestNoCallAfterOneHangs(t *testing.T) {
	for _, id := range []string{"store.errors-private", "store.cancelled-midway", "store.model"} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			report, err := Check(t.Context(), openHangingUnlessPlain, &conformance.Options{Run: []string{id}, Timeout: time.Second})
			require.NoError(t, err)
			want := outcome{conformance.NonConformant, time.Second, []string{id + noReturn}, "", 0}
			if diff := cmp.Diff(want, outcomeOf(report, time.Since(begin).Truncate(time.Second))); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
			time.Sleep(2 * hanging)
		})
	}
}

// A run whose context is done does not wait for a Store that hangs.
func TestStoppedWhileHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		open := openSpoilt(spoiltPatch(func(*wrongStore, context.Context, uuid.UUID, attrs) (user, error) {
			time.Sleep(hanging)
			return user{}, nil
		}))
		begin := time.Now()
		report, err := Check(ctx, open, nil)
		require.NoError(t, err)
		want := outcome{conformance.Inconclusive, 300*time.Millisecond + grace, nil, "the run was stopped", all - 2}
		if diff := cmp.Diff(want, outcomeOf(report, time.Since(begin))); diff != "" {
			t.Errorf("outcome (-want +got):\n%s", diff)
		}
		time.Sleep(2 * hanging)
	})
}

// A call that hangs and obeys its context ends: nothing is left when Check returns.
func TestHangingCallIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		open := openSpoilt(spoiltPatch(func(_ *wrongStore, ctx context.Context, _ uuid.UUID, _ attrs) (user, error) {
			calls.Add(1)
			<-ctx.Done()
			calls.Add(-1)
			return user{}, ctx.Err()
		}))
		_, err := Check(t.Context(), open, &conformance.Options{Timeout: time.Second})
		require.NoError(t, err)
		synctest.Wait()
		if n := calls.Load(); n != 0 {
			t.Errorf("%d calls still go on", n)
		}
	})
}
