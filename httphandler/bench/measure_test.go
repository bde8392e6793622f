package main

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/httphandler/bench/contestant"
	"github.com/userrecord/userrecord/userstore"
)

var sink []byte

// The cost is that of one time, however often the op runs.
func TestMeasureIsPerTime(t *testing.T) {
	allocate := &op{name: "allocate", run: func(n int) error {
		for range n {
			sink = make([]byte, 4096)
		}
		return nil
	}}
	wait := &op{name: "wait", run: func(n int) error { time.Sleep(time.Duration(n) * time.Millisecond); return nil }}
	cfg := config{rounds: 3, time: 20 * time.Millisecond}
	if err := measure(t.Context(), cfg, []*op{allocate, wait}); err != nil {
		t.Fatal(err)
	}
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

// A contestant that answers otherwise is not measured.
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
