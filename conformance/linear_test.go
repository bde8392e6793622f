package conformance

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/google/go-cmp/cmp"
)

// call returns an operation; without an answer it is one that may have taken
// effect.
func call(client int, begin, end int64, patch pair, answer ...pair) porcupine.Operation {
	o := porcupine.Operation{ClientId: client, Call: begin * 1000, Return: end * 1000, Input: patch, Output: reply{end: unknown}}
	if len(answer) > 0 {
		o.Output = reply{seen: answer[0]}
	} else {
		o.Return = math.MaxInt64
	}
	return o
}

func TestLinearizable(t *testing.T) {
	start, read := pair{"a", "x"}, pair{}
	tests := []struct {
		name    string
		history []porcupine.Operation
		want    string
	}{
		{"nothing", nil, ""},
		{"one after the other", []porcupine.Operation{
			call(0, 1, 2, pair{"b", ""}, pair{"b", "x"}),
			call(1, 3, 4, pair{"", "y"}, pair{"b", "y"}),
			call(0, 5, 6, read, pair{"b", "y"}),
		}, ""},
		{"at the same time, in either order", []porcupine.Operation{
			call(0, 1, 9, pair{"b", ""}, pair{"b", "y"}),
			call(1, 1, 9, pair{"", "y"}, pair{"a", "y"}),
		}, ""},
		{"seen, though nobody knows", []porcupine.Operation{
			call(0, 1, 0, pair{"b", ""}),
			call(1, 3, 4, read, pair{"a", "x"}),
			call(1, 5, 6, read, pair{"b", "x"}),
		}, ""},
		{"a lost update", []porcupine.Operation{
			call(0, 1, 5, pair{"b", ""}, pair{"b", "x"}),
			call(1, 1, 5, pair{"", "y"}, pair{"a", "y"}),
			call(0, 6, 7, pair{"c", ""}, pair{"c", "y"}),
			call(1, 8, 9, read, pair{"c", "y"}),
		}, "at first name=a street=x\n" +
			"client 0, from 1µs to 5µs, patches name=b: name=b street=x\n" +
			"client 1, from 1µs to 5µs, patches street=y: name=a street=y"},
		{"a stale read", []porcupine.Operation{
			call(0, 1, 2, read, start),
			call(0, 3, 4, pair{"b", ""}, pair{"b", "x"}),
			call(1, 5, 6, read, start),
			call(1, 7, 8, read, pair{"b", "x"}),
		}, "at first name=a street=x\n" +
			"client 0, from 3µs to 4µs, patches name=b: name=b street=x\n" +
			"client 1, from 5µs to 6µs, reads: name=a street=x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := linearizable(start, [2]string{"name", "street"}, tt.history)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}

// What fails is found again from the seed, and comes out as small as can be.
func TestFalsify(t *testing.T) {
	space := sequenceSpace{users: []int{0, 1}, pointers: []string{"/a", "/b", "/c"}, choices: 3, nullable: func(p string) bool { return p == "/b" }}
	fails := func(steps []step) string {
		seen := map[change]bool{}
		for i, s := range steps {
			for _, c := range s.changes {
				seen[c] = true
			}
			if seen[change{"/b", true, 0}] && seen[change{"/a", false, 2}] {
				return fmt.Sprint("failed at step ", i)
			}
		}
		return ""
	}
	for seed := range uint64(5) {
		steps, reason := falsify(seed, space.sequences(20, 40), slices.Values([]int{0, 1, 2, 3}), fails)
		again, _ := falsify(seed, space.sequences(20, 40), slices.Values([]int{0, 1, 2, 3}), fails)
		if diff := cmp.Diff(steps, again, cmp.AllowUnexported(step{}, change{})); diff != "" {
			t.Errorf("seed %d: another counterexample:\n%s", seed, diff)
		}
		changes := 0
		for _, s := range steps {
			changes += len(s.changes)
		}
		if reason == "" || len(steps) > 2 || changes != 2 {
			t.Errorf("seed %d: %q after %+v", seed, reason, steps)
		}
	}
	if steps, reason := falsify(1, space.sequences(1, 9), slices.Values([]int{0, 1, 2}), func([]step) string { return "" }); steps != nil || reason != "" {
		t.Errorf("%q after %v", reason, steps)
	}
}
