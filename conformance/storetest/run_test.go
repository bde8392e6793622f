package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
	"github.com/userrecord/userrecord/userstore"
)

// Correct Stores that do it in their own way stay green.
func TestLegalStores(t *testing.T) {
	t.Parallel() // it mostly waits
	legal := []defect{
		{"right", func(*wrongStore, []user) {}},
		{"wraps-errors", failing(func(err error, _ attrs) error {
			if err != nil {
				err = fmt.Errorf("users: %w", fmt.Errorf("patch: %w", err))
			}
			return err
		})},
		{"joins-errors", failing(func(err error, _ attrs) error {
			if err != nil {
				err = errors.Join(errOther, err)
			}
			return err
		})},
		{"errors-of-its-own", failing(func(err error, _ attrs) error {
			if err != nil {
				err = ownError{err}
			}
			return err
		})},
		{"slow", func(s *wrongStore, _ []user) {
			s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
				time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
				defer time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
				return s.right.Get(ctx, id)
			}
			s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
				time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
				defer time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
				return s.right.Patch(ctx, id, patch)
			}
		}},
		{"waits-for-its-turn", func(s *wrongStore, _ []user) {
			turn := make(chan struct{}, 1)
			s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
				select {
				case turn <- struct{}{}:
				case <-ctx.Done():
					return user{}, ctx.Err()
				}
				defer func() { <-turn }()
				if patch.FirstName.IsZero() {
					return s.right.Patch(ctx, id, patch)
				}
				time.Sleep(100 * time.Microsecond)
				return s.right.Patch(ctx, id, patch)
			}
		}},
		{"cancelled-after-it-took-effect", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			u, err := s.right.Patch(ctx, id, patch)
			if err == nil { // the commit went through, and the answer was lost
				err = ctx.Err()
			}
			return u, err
		})},
		{"looks-at-the-context-last", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			if err := patch.Check(); err != nil {
				return user{}, err
			}
			return s.right.Patch(ctx, id, patch)
		})},
	}
	for i, report := range reportsOf(t, legal) {
		t.Run(legal[i].name, func(t *testing.T) {
			if red := redOf(report); red != nil || report.Verdict != conformance.Conformant {
				t.Errorf("%s:\n%s", report.Verdict, reasonsOf(report))
			}
			for _, r := range report.Results {
				if r.Reason() != "" {
					t.Errorf("%s has noted: %s", r.ID, r.Reason())
				}
			}
		})
	}
}

type ownError struct{ cause error }

func (e ownError) Error() string        { return "it failed" }
func (e ownError) Is(target error) bool { return errors.Is(e.cause, target) }

// The options mean the same as for servers.
func TestCheckOptions(t *testing.T) {
	trims := openSpoilt(storingTexts(strings.TrimSpace))
	tests := []struct {
		name  string
		store Opener
		opts  *conformance.Options
		want  conformance.Verdict
		ran   int
	}{
		{"one", trims, &conformance.Options{Run: []string{"store.get"}}, conformance.Conformant, 1},
		{"two", trims, &conformance.Options{Run: []string{"store.get", "store.blanks"}}, conformance.NonConformant, 2},
		{"skipped", trims, &conformance.Options{Run: []string{"store.b*", "store.get"}, Skip: []string{"store.blanks"}}, conformance.Conformant, 1},
		{"known to fail", trims, &conformance.Options{Run: []string{"store.blanks"}, KnownFailing: map[string]string{"store.blanks": "it trims"}}, conformance.Conformant, 1},
		{"known to fail, and passes", trims, &conformance.Options{Run: []string{"store.get"}, KnownFailing: map[string]string{"store.get": "it did"}}, conformance.NonConformant, 1},
		{"a SHOULD", openSpoilt(refusing), &conformance.Options{Run: []string{"store.get", "store.accepts"}}, conformance.Conformant, 2},
		{"a SHOULD, strict", openSpoilt(refusing), &conformance.Options{Run: []string{"store.get", "store.accepts"}, Strict: true}, conformance.NonConformant, 2},
		{"no store", func(context.Context, ...user) (userstore.Store, func() error, error) { return nil, nil, errOther }, nil, conformance.Inconclusive, 43},
		{"nil store", func(context.Context, ...user) (userstore.Store, func() error, error) { return nil, nil, nil }, nil, conformance.Inconclusive, 43},
		{"making it panics", func(context.Context, ...user) (userstore.Store, func() error, error) { panic("no") }, nil, conformance.Inconclusive, 43},
		{"does not close", closing(func() error { return errOther }), &conformance.Options{Run: []string{"store.get"}}, conformance.NonConformant, 1},
		{"closing panics", closing(func() error { panic("no") }), &conformance.Options{Run: []string{"store.get"}}, conformance.NonConformant, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			told := 0
			o, err := suite.Configure(tt.opts, Requirements())
			require.NoError(t, err)
			o.Progress = func(done, total int, _ conformance.Result) {
				told++
				if done != told || total != tt.ran {
					t.Errorf("progress %d of %d", done, total)
				}
			}
			report, err := Check(t.Context(), tt.store, &o)
			require.NoError(t, err)
			if report.Verdict != tt.want || len(report.Results) != tt.ran || told != tt.ran || report.Reason() == "" {
				t.Errorf("%s after %d results: %s", report.Verdict, len(report.Results), report.Reason())
			}
			if report.Subject != conformance.Store || report.Seed != o.Seed || report.Schema != 1 {
				t.Errorf("the head of the report is %+v", report)
			}
		})
	}
}

func refusing(s *wrongStore, _ []user) {
	s.patch = func(context.Context, uuid.UUID, attrs) (user, error) { return user{}, userstore.ErrInvalid }
}

func closing(f func() error) Opener {
	return func(ctx context.Context, users ...user) (userstore.Store, func() error, error) {
		s, _, err := openSpoilt(func(*wrongStore, []user) {})(ctx, users...)
		return s, f, err
	}
}

func TestCheckRefusesOptions(t *testing.T) {
	for _, o := range []*conformance.Options{{Run: []string{"merge.*"}}, {Skip: []string{"["}}, {KnownFailing: map[string]string{"store.nothere": ""}}} {
		if _, err := Check(t.Context(), openSpoilt(refusing), o); err == nil {
			t.Errorf("no error for %+v", o)
		}
	}
}

// A run that is stopped has passed nothing.
func TestCheckStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := &conformance.Options{Progress: func(done, _ int, _ conformance.Result) {
		if done == 3 {
			cancel()
		}
	}}
	report, err := Check(ctx, openSpoilt(func(*wrongStore, []user) {}), o)
	require.NoError(t, err)
	if report.Verdict != conformance.Inconclusive || report.Obstacle != suite.Stopped || report.Summary.Passed != 3 || report.Summary.NotRun != 40 {
		t.Errorf("%s, %q: summary %+v", report.Verdict, report.Obstacle, report.Summary)
	}
}

// A run that takes too long ends, and proves nothing.
func TestCheckMaxTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := openSpoilt(func(s *wrongStore, _ []user) {
			s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
				time.Sleep(time.Second)
				return s.right.Get(ctx, id)
			}
		})
		report, err := Check(t.Context(), slow, &conformance.Options{MaxTime: 10 * time.Second})
		require.NoError(t, err)
		const want = "the run took longer than 10s (Options.MaxTime)"
		if report.Verdict != conformance.Inconclusive || report.Obstacle != want || report.Summary.Passed == 0 || report.Summary.Failed > 0 || report.Summary.NotRun == 0 {
			t.Errorf("%s, %q: summary %+v", report.Verdict, report.Obstacle, report.Summary)
		}
		if report.Duration > 20*time.Second {
			t.Errorf("it took %s", report.Duration)
		}
	})
}

// The counterexample of a model is the same for the same seed, and small.
func TestCounterexample(t *testing.T) {
	forgets := openSpoilt(storing(func(before, patch attrs) attrs {
		if patch.Gender == userstore.Value("male") && before.Locale == userstore.Value("en-GB") {
			patch.LastName = userstore.Null[string]()
		}
		return patch
	}))
	const want = `in the record returned: /lastName: expected "Lovelace", got absent
with the seed 2, after the steps
patch a user with all attributes with {"locale":"en-GB"}
patch a user with all attributes with {"gender":"male"}`
	for range 2 {
		report, err := Check(t.Context(), forgets, &conformance.Options{Seed: 2, Run: []string{"store.model"}})
		require.NoError(t, err)
		if diff := cmp.Diff(want, report.Results[0].Reason()); diff != "" {
			t.Errorf("reason (-want +got):\n%s", diff)
		}
	}
}
