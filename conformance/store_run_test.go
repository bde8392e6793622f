package conformance

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// Right stores that do it in their own way stay green.
func TestLegalStores(t *testing.T) {
	legal := []storeFault{
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
			if red := redOf(report); red != nil || report.Verdict != Conformant {
				t.Errorf("%s:\n%s", report.Verdict, reasonsOf(report))
			}
			for _, r := range report.Results {
				if r.Reason != "" {
					t.Errorf("%s has noted: %s", r.ID, r.Reason)
				}
			}
		})
	}
}

type ownError struct{ cause error }

func (e ownError) Error() string        { return "it failed" }
func (e ownError) Is(target error) bool { return errors.Is(e.cause, target) }

// The options mean the same as for servers.
func TestCheckStoreOptions(t *testing.T) {
	trims := stores(storingTexts(strings.TrimSpace))
	tests := []struct {
		name  string
		store NewStore
		opts  *Options
		want  Verdict
		ran   int
	}{
		{"one", trims, &Options{Run: []string{"store.get"}}, Conformant, 1},
		{"two", trims, &Options{Run: []string{"store.get", "store.blanks"}}, NonConformant, 2},
		{"skipped", trims, &Options{Run: []string{"store.b*", "store.get"}, Skip: []string{"store.blanks"}}, Conformant, 1},
		{"known to fail", trims, &Options{Run: []string{"store.blanks"}, KnownFailing: map[string]string{"store.blanks": "it trims"}}, Conformant, 1},
		{"known to fail, and passes", trims, &Options{Run: []string{"store.get"}, KnownFailing: map[string]string{"store.get": "it did"}}, NonConformant, 1},
		{"a SHOULD", stores(refusing), &Options{Run: []string{"store.get", "store.accepts"}}, Conformant, 2},
		{"a SHOULD, strict", stores(refusing), &Options{Run: []string{"store.get", "store.accepts"}, Strict: true}, NonConformant, 2},
		{"no store", func(context.Context, ...user) (userstore.Store, func() error, error) { return nil, nil, errOther }, nil, Inconclusive, 43},
		{"nil store", func(context.Context, ...user) (userstore.Store, func() error, error) { return nil, nil, nil }, nil, Inconclusive, 43},
		{"making it panics", func(context.Context, ...user) (userstore.Store, func() error, error) { panic("no") }, nil, Inconclusive, 43},
		{"does not close", closing(func() error { return errOther }), &Options{Run: []string{"store.get"}}, NonConformant, 1},
		{"closing panics", closing(func() error { panic("no") }), &Options{Run: []string{"store.get"}}, NonConformant, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			told := 0
			o := tt.opts.seeded()
			o.Progress = func(done, total int, _ Result) {
				told++
				if done != told || total != tt.ran {
					t.Errorf("progress %d of %d", done, total)
				}
			}
			report, err := CheckStore(t.Context(), tt.store, &o)
			if err != nil {
				t.Fatal(err)
			}
			if report.Verdict != tt.want || len(report.Results) != tt.ran || told != tt.ran || report.Reason == "" {
				t.Errorf("%s after %d results: %s", report.Verdict, len(report.Results), report.Reason)
			}
			if report.Subject != Store || report.Seed != o.Seed || report.Schema != 1 {
				t.Errorf("the head of the report is %+v", report)
			}
		})
	}
}

func refusing(s *wrongStore, _ []user) {
	s.patch = func(context.Context, uuid.UUID, attrs) (user, error) { return user{}, userstore.ErrInvalid }
}

func closing(f func() error) NewStore {
	return func(ctx context.Context, users ...user) (userstore.Store, func() error, error) {
		s, _, err := stores(func(*wrongStore, []user) {})(ctx, users...)
		return s, f, err
	}
}

func TestCheckStoreUsage(t *testing.T) {
	for _, o := range []*Options{{Run: []string{"merge.*"}}, {Skip: []string{"["}}, {KnownFailing: map[string]string{"store.nothere": ""}}} {
		if _, err := CheckStore(t.Context(), stores(refusing), o); err == nil {
			t.Errorf("no error for %+v", o)
		}
	}
}

// A run that is stopped has passed nothing.
func TestCheckStoreStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := &Options{Progress: func(done, _ int, _ Result) {
		if done == 3 {
			cancel()
		}
	}}
	report, err := CheckStore(ctx, stores(func(*wrongStore, []user) {}), o)
	if err != nil {
		t.Fatal(err)
	}
	if report.Summary.Passed != 3 || report.Summary.NotRun != 40 {
		t.Errorf("summary %+v", report.Summary)
	}
}

// The counterexample of a model is the same for the same seed, and small.
func TestStoreCounterexample(t *testing.T) {
	forgets := stores(storing(func(before, patch attrs) attrs {
		if patch.Gender == userstore.Value("male") && before.Locale == userstore.Value("en-GB") {
			patch.LastName = userstore.Null[string]()
		}
		return patch
	}))
	const want = `seed 2: in the record returned: /lastName should be "Lovelace" and is absent
after the steps
patch a user with all attributes with {"locale":"en-GB"}
patch a user with all attributes with {"gender":"male"}`
	for range 2 {
		report, err := CheckStore(t.Context(), forgets, &Options{Seed: 2, Run: []string{"store.model"}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, report.Results[0].Reason); diff != "" {
			t.Errorf("reason (-want +got):\n%s", diff)
		}
	}
}
