package faulty

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/internal/inmemory"
	"github.com/userrecord/userrecord/conformance/internal/sample"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

const (
	matrixFile = "testdata/matrix.txt"
	// The values that a run writes come from the seed.
	fixedSeed = 1
)

// TestMain lets the garbage collector run less often, which saves a third of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// The users and the tokens of the tests.
var (
	maria = userstore.User{
		ID:         uuid.MustParse("5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90"),
		CreatedAt:  time.Date(2023, 2, 28, 7, 30, 0, 125000000, time.UTC),
		Attributes: userstore.Attributes{FirstName: userstore.Value("Maria"), LastName: userstore.Value("Silva")},
	}
	failing = userstore.User{ID: uuid.MustParse("0a7e6b1c-44f2-4c1d-8e0a-93b1d2c4e5f6")}
	nobody  = uuid.MustParse("3b9c1a70-6d25-4e8f-b1a4-7c5d2e9f0a18")

	tokens = httphandler.StaticTokens(map[string]httphandler.Grant{
		"good-token":      httphandler.GrantWrite,
		"forbidden-token": httphandler.GrantNone,
		"unlinked-token":  httphandler.GrantUnlinked,
	})
)

// newStore returns a store with the users.
func newStore() userstore.Store {
	return failingToo(memstore.New(userstore.ExampleUser(), maria, failing))
}

// failingToo returns the store, in which the patches of one user fail.
func failingToo(store userstore.Store) userstore.Store {
	return wrongStore{store, func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		if id == failing.ID {
			return userstore.User{}, errors.New("the user that fails")
		}
		return next.Patch(ctx, id, patch)
	}}
}

// newFaulty returns the handler with the fault of that name.
func newFaulty(t *testing.T, name string) http.Handler {
	t.Helper()
	h, err := New(name, newStore(), tokens, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Error(err)
	}
	return h
}

// check runs the suite against the handler, without connections.
func check(t *testing.T, h http.Handler, target servertest.Target, opts conformance.Options) *conformance.Report {
	t.Helper()
	client, end := inmemory.Call(t, unhurried(h))
	defer end()
	target.URL, target.Client = "http://127.0.0.1", client
	return checkURL(t, target, opts)
}

// checkConnected is check over connections.
func checkConnected(t *testing.T, h http.Handler, target servertest.Target, opts conformance.Options) *conformance.Report {
	t.Helper()
	client, end := inmemory.Serve(unhurried(h))
	defer end()
	target.URL, target.Client = "http://127.0.0.1", client
	return checkURL(t, target, opts)
}

// checkNamed is check, or checkConnected for the faults and the legal servers that break
// connections off or close them.
func checkNamed(t *testing.T, name string, h http.Handler, target servertest.Target, opts conformance.Options) *conformance.Report {
	t.Helper()
	switch name {
	case "failure-breaks-off", "json-deep-breaks-off", "nil-id-fails", "large-cut-off", "closing":
		return checkConnected(t, h, target, opts)
	}
	return check(t, h, target, opts)
}

// unhurried lets every request take some time, as the clock of a bubble stands still
// while anybody computes, and not all the same: clients in step with each other see
// few orders of their calls.
func unhurried(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Microsecond + rand.N(time.Millisecond))
		h.ServeHTTP(w, r)
	})
}

func checkURL(t testing.TB, target servertest.Target, opts conformance.Options) *conformance.Report {
	t.Helper()
	target.User, target.Token = userstore.ExampleUser().ID, "good-token"
	target.OtherUser, target.UnknownUser, target.FailingUser = maria.ID, nobody, failing.ID
	target.ForbiddenToken, target.UnlinkedToken = "forbidden-token", "unlinked-token"
	opts.Seed = fixedSeed
	report, err := servertest.Check(t.Context(), target, &opts)
	if err != nil {
		t.Error(err)
		return new(conformance.Report)
	}
	return report
}

// red returns the ids of the results that failed or warned, sorted.
func red(report *conformance.Report) []string {
	ids := []string{}
	for _, r := range report.Results {
		if r.Status == conformance.Failed || r.Status == conformance.Warned {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// head is that of a golden file of this package.
func head(title string) string {
	return title + "\ngo test ./conformance/faulty -update rewrites this file."
}

// Every fault turns red what the matrix says, no fewer and no more. Gross ones are run by
// [TestGrossFaults].
func TestMatrix(t *testing.T) {
	want, got := golden.ReadMatrix(t, matrixFile), newMatrix()
	names := inBubbles(t, sample.Of(Faults()), func(f Fault) string { return f.Name }, func(t *testing.T, f Fault) {
		if g, gross := grossOf(f.Name); gross && !golden.Updating() {
			if diff := cmp.Diff(want[f.Name], strings.Fields(g.red)); diff != "" {
				t.Errorf("red requirements (-want +those of the gross fault):\n%s", diff)
			}
			return
		}
		runs := inParts
		if golden.Updating() || slices.ContainsFunc(want[f.Name], isConcurrency) {
			runs = inOne
		}
		ids := redOf(t, f, runs)
		for range 9 {
			if !missesByChance(want[f.Name], ids) {
				break
			}
			ids = slices.Compact(slices.Sorted(slices.Values(append(ids, redOf(t, f, runs)...))))
		}
		got.set(f.Name, ids)
		if diff := cmp.Diff(want[f.Name], ids); diff != "" && !golden.Updating() {
			t.Errorf("red requirements (-want +got):\n%s", diff)
		}
		if len(ids) == 0 {
			t.Error("this fault is seen by no requirement")
		}
	})
	if golden.Updating() && !sample.Partial {
		got.m.Write(t, matrixFile, head("Each fault, and the requirements that it turns red."), names)
	}
}

// missesByChance reports whether what a run did not find are requirements of
// concurrency, which see a fault only in some orders of the calls: then the run is
// repeated. What any run shows beyond the list stays an error.
func missesByChance(want, got []string) bool {
	missed := slices.DeleteFunc(slices.Clone(want), func(id string) bool { return slices.Contains(got, id) })
	return len(missed) > 0 && !slices.ContainsFunc(missed, func(id string) bool { return !isConcurrency(id) })
}

func isConcurrency(id string) bool { return strings.HasPrefix(id, "concurrency.") }

// A sharedMatrix is written by tests that run in parallel.
type sharedMatrix struct {
	mu sync.Mutex
	m  golden.Matrix
}

func newMatrix() *sharedMatrix { return &sharedMatrix{m: golden.Matrix{}} }

func (s *sharedMatrix) set(name string, ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[name] = ids
}

// inBubbles runs a parallel subtest for each element and returns their names. Each is
// in a bubble, where waiting takes no time: nothing depends on how fast the machine is.
func inBubbles[T any](t *testing.T, all []T, name func(T) string, test func(*testing.T, T)) (names []string) {
	t.Helper()
	t.Run("each", func(t *testing.T) {
		for _, v := range all {
			names = append(names, name(v))
			t.Run(name(v), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					test(t, v)
					time.Sleep(time.Minute) // until every connection is closed
				})
			})
		}
	})
	return names
}

// The runs that together ask a fault for every requirement. Once a check has failed, those
// of concurrency go on for many rounds, which is half of a run. A fault that does not turn
// them red has them in a run of their own.
var (
	inOne   = []conformance.Options{{}}
	inParts = []conformance.Options{{Skip: []string{"concurrency.*"}}, {Run: []string{"concurrency.*"}}}
)

// redOf runs the suite against a fault. A server whose user cannot be read is
// checked once more with the user's record, as the report advises.
func redOf(t *testing.T, f Fault, runs []conformance.Options) []string {
	ids := []string{}
	var target servertest.Target
	for i, opts := range runs {
		report := checkNamed(t, f.Name, f.handler(newStore(), tokens, slog.New(slog.DiscardHandler)), target, opts)
		if i == 0 && len(red(report)) == 0 && report.Verdict == conformance.Inconclusive {
			target.Record = encode(userstore.ExampleUser().Attributes)
			report = checkNamed(t, f.Name, f.handler(newStore(), tokens, slog.New(slog.DiscardHandler)), target, opts)
		}
		ids = append(ids, red(report)...)
	}
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// Each MUST and SHOULD of servers is turned red by a fault.
func TestEveryRequirementHasAFault(t *testing.T) {
	seen := map[string]bool{}
	for _, ids := range golden.ReadMatrix(t, matrixFile) {
		for _, id := range ids {
			seen[id] = true
		}
	}
	for _, r := range servertest.Requirements() {
		if r.Level != conformance.Observe && !seen[r.ID] {
			t.Errorf("%s %s: no fault turns it red: %s", r.Level, r.ID, r.Title)
		}
	}
}
