package draw

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What fails is found again from the seed, and comes out as small as can be.
func TestFalsify(t *testing.T) {
	space := Space{Users: []int{0, 1}, Pointers: []string{"/a", "/b", "/c"}, Choices: 3, Nullable: func(p string) bool { return p == "/b" }}
	fails := func(steps []Step) []string {
		seen := map[Change]bool{}
		for i, s := range steps {
			for _, c := range s.Changes {
				seen[c] = true
			}
			if seen[Change{"/b", true, 0}] && seen[Change{"/a", false, 2}] {
				return []string{fmt.Sprint("failed at step ", i)}
			}
		}
		return nil
	}
	for seed := range uint64(5) {
		steps, failures := Falsify(seed, space.Sequences(20, 40), slices.Values([]int{0, 1, 2, 3}), fails)
		again, _ := Falsify(seed, space.Sequences(20, 40), slices.Values([]int{0, 1, 2, 3}), fails)
		if diff := cmp.Diff(steps, again); diff != "" {
			t.Errorf("seed %d: another counterexample:\n%s", seed, diff)
		}
		changes := 0
		for _, s := range steps {
			changes += len(s.Changes)
		}
		if len(failures) != 1 || len(steps) > 2 || changes != 2 {
			t.Errorf("seed %d: %q after %+v", seed, failures, steps)
		}
	}
	if steps, failures := Falsify(1, space.Sequences(1, 9), slices.Values([]int{0, 1, 2}), func([]Step) []string { return nil }); steps != nil || failures != nil {
		t.Errorf("%q after %v", failures, steps)
	}
}
