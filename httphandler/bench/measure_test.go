package main

import (
	"errors"
	"maps"
	"math"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/bench/contestant"
	"github.com/userrecord/userrecord/userstore"
)

var sink []byte

// A process that was stopped while it calibrated still measures many runs.
func TestMeasureIsOfManyRuns(t *testing.T) {
	stopped := &op{name: "stopped", run: func(int) error { time.Sleep(2 * time.Millisecond); return nil }}
	require.NoError(t, stopped.calibrate(time.Millisecond))
	if stopped.n != minRuns {
		t.Errorf("%d runs, want %d", stopped.n, minRuns)
	}
}

// The cost is for one run of the op, however often it runs.
func TestMeasureIsPerTime(t *testing.T) {
	allocate := &op{name: "allocate", run: func(n int) error {
		for range n {
			sink = make([]byte, 4096)
		}
		return nil
	}}
	wait := &op{name: "wait", run: func(n int) error { time.Sleep(time.Duration(n) * time.Millisecond); return nil }}
	cfg := config{rounds: 3, time: 20 * time.Millisecond}
	require.NoError(t, measure(t.Context(), cfg, []*op{allocate, wait}))
	if allocs, bytes := median(allocate.runs.allocs), median(allocate.runs.bytes); allocs < 1 || allocs > 1.1 || bytes < 4096 || bytes > 4300 {
		t.Errorf("%.2f allocations, %.0f bytes; want 1 and 4096", allocs, bytes)
	}
	if ns := median(wait.runs.nanoseconds); ns < 1e6 || ns > 1e7 || len(wait.runs.nanoseconds) != 3 {
		t.Errorf("%.0f ns in %d rounds; want some more than 1e6 in 3", ns, len(wait.runs.nanoseconds))
	}
}

func TestMeasureStopsAtAnError(t *testing.T) {
	failure := errors.New("failure")
	for _, good := range []int{0, 1} {
		n := 0
		failing := &op{run: func(int) error {
			if n++; n > good {
				return failure
			}
			return nil
		}}
		if err := measure(t.Context(), config{rounds: 1}, []*op{failing}); !errors.Is(err, failure) {
			t.Errorf("after %d: error %v", good, err)
		}
	}
}

// A contestant with a wrong answer is not measured.
func TestRepeatChecksTheStatus(t *testing.T) {
	call := contestant.NewCall(contestant.Requests[0], userstore.ExampleUser().ID)
	err := repeat(call, http.NotFoundHandler(), 1, http.StatusOK)
	if err == nil || err.Error() != "status 404, want 200" {
		t.Errorf("error %v", err)
	}
}

func TestCurveRows(t *testing.T) {
	cost := func(name string, ns ...float64) *op { return &op{name: name, runs: runs{nanoseconds: ns}} }
	c := curve{of: "users", points: []point{
		{"10", []*op{cost("a", 3, 1, 2), cost("b", 100)}},
		{"20", []*op{cost("a", 4, 4, 5), cost("b", 50)}},
		{"30", []*op{cost("a", 6), cost("b", 50)}},
	}}
	want := [][]string{
		{"users", "a, ns", "step", "b, ns", "step"},
		{"10", "2.00", "", "100", ""},
		{"20", "4.00", "× 2.00", "50.0", "× 0.500"},
		{"30", "6.00", "× 1.50", "50.0", "× 1.00"},
	}
	if diff := cmp.Diff(want, c.rows()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoopbackRows(t *testing.T) {
	visits := []*visit{
		{name: "floor", perSecond: []float64{100, 200, 300}, cpu: []float64{1, 2, 3}, busy: []float64{0.9, 0.8, 1}},
		{name: "other", perSecond: []float64{50, 50, 300}, cpu: []float64{4, 4, 6}, busy: []float64{0.5, 0.5, 0.5}},
	}
	want := [][]string{
		{"floor", "1.00 (1.00 to 1.00)", "200", "1.00 (1.00 to 1.00)", "2.00", "90 %"},
		{"other", "0.500 (0.375 to 0.750)", "50.0", "2.00 (2.00 to 3.00)", "4.00", "50 %"},
	}
	if diff := cmp.Diff(want, loopbackRows(visits)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCrowd(t *testing.T) {
	for oneUser, want := range map[bool]int{true: 1, false: 3} {
		c, err := newCrowd(3, 1, oneUser)
		require.NoError(t, err)
		ids := make(map[uuid.UUID]bool)
		for _, id := range c.ids {
			ids[id] = true
		}
		if len(c.ids) != 3 || len(ids) != want {
			t.Errorf("one user %t: %d users for %d goroutines", oneUser, len(ids), len(c.ids))
		}
	}
}

// The floors of the users curve look up every user, and the copying one copies.
func TestLookUps(t *testing.T) {
	bare := make(map[uuid.UUID]*userstore.User)
	var ids []uuid.UUID
	err := newUsers(3, func(u userstore.User) error {
		bare[u.ID], ids = &u, append(ids, u.ID)
		return nil
	})
	require.NoError(t, err)
	for name, floor := range map[string]func(map[uuid.UUID]*userstore.User, []uuid.UUID) func(int) error{"look-up": lookUp, "and copy": lookUpAndCopy} {
		for lost := range ids {
			some := maps.Clone(bare)
			delete(some, ids[lost])
			if run := floor(some, ids); run(lost) != nil || run(1) != errLost {
				t.Errorf("%s: user %d is not looked up in its turn", name, lost)
			}
		}
	}
}

func TestHeapRow(t *testing.T) {
	row, err := heapRow(1000)
	require.NoError(t, err)
	number := func(i int) float64 {
		x, err := strconv.ParseFloat(row[i], 64)
		require.NoError(t, err)
		return x
	}
	if ratio := number(3) / number(2); math.Abs(ratio-number(4)) > 0.01 {
		t.Errorf("row %v, want the ratio %.3f", row, ratio)
	}
}
