package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/golden"
)

const defectsFile = "testdata/defects.txt"

// Every wrong store turns red the requirements that the committed list names, no
// fewer and no more; and every requirement is turned red by one of them.
func TestDefects(t *testing.T) {
	t.Parallel() // it mostly waits
	reports := reportsOf(t, defects)
	if golden.Updating() {
		writeDefects(t, reports)
	}
	want := golden.ReadMatrix(t, defectsFile)
	if len(want) != len(defects) {
		t.Errorf("%s lists %d defects, and there are %d", defectsFile, len(want), len(defects))
	}
	var all []string
	for i, d := range defects {
		t.Run(d.name, func(t *testing.T) {
			red := d.sought(t, want[d.name], redOf(reports[i]))
			all = append(all, red...)
			if diff := cmp.Diff(want[d.name], red); diff != "" || len(red) == 0 {
				t.Errorf("red requirements (-want +got):\n%s%s", diff, reasonsOf(reports[i]))
			}
		})
	}
	for _, r := range Requirements() {
		if !slices.Contains(all, r.ID) {
			t.Errorf("no defect turns %s red", r.ID)
		}
	}
}

func writeDefects(t *testing.T, reports []*conformance.Report) {
	t.Helper()
	m := golden.Matrix{}
	var names []string
	for i, d := range defects {
		names, m[d.name] = append(names, d.name), redOf(reports[i])
	}
	m.Write(t, defectsFile, "Each wrong store, and the requirements that it turns red.\ngo test ./conformance/storetest -update rewrites this file.", names)
}

// reportsOf checks the wrong stores, many at a time: they mostly wait. The last begin first, because
// they wait longest.
func reportsOf(t *testing.T, wrong []defect) []*conformance.Report {
	t.Helper()
	reports, errs := make([]*conformance.Report, len(wrong)), make([]error, len(wrong))
	concurrent.Bounded(len(wrong), 24, func(i int) {
		if i = len(wrong) - 1 - i; !wrong[i].waits() {
			reports[i], errs[i] = wrong[i].check()
		}
	})
	for i, d := range wrong {
		if d.waits() {
			synctest.Test(t, func(*testing.T) { // where that takes no time, and nobody is too slow
				reports[i], errs[i] = d.check()
				time.Sleep(2 * hanging) // until the last call has ended
			})
		}
	}
	for _, err := range errs {
		require.NoError(t, err)
	}
	return reports
}

// waits reports whether the store spends its time waiting.
func (d defect) waits() bool { return strings.HasPrefix(d.name, "hangs") || d.name == "slow" }

func (d defect) check() (*conformance.Report, error) {
	return Check(context.Background(), openSpoilt(d.spoil), &conformance.Options{Seed: 1})
}

// sought looks again for what is found by chance: a race of a few goroutines may not
// occur on a busy machine. It returns the red requirements, with those that it found.
func (d defect) sought(t *testing.T, want, red []string) []string {
	t.Helper()
	const times = 20
	found := slices.Clone(red)
	for n := range uint64(times) {
		missing := slices.DeleteFunc(slices.Clone(want), func(id string) bool { return slices.Contains(found, id) })
		if len(missing) == 0 {
			break
		}
		report, err := Check(t.Context(), openSpoilt(d.spoil), &conformance.Options{Seed: n, Run: missing})
		require.NoError(t, err)
		found = append(found, redOf(report)...)
	}
	inOrder := func(id string) int {
		return slices.IndexFunc(Requirements(), func(r conformance.Requirement) bool { return r.ID == id })
	}
	slices.SortFunc(found, func(a, b string) int { return inOrder(a) - inOrder(b) })
	return found
}

// redOf returns the ids of the requirements that did not pass.
func redOf(report *conformance.Report) []string {
	var red []string
	for _, r := range report.Results {
		if r.Status != conformance.Passed {
			red = append(red, r.ID)
		}
	}
	return red
}

func reasonsOf(report *conformance.Report) string {
	var b strings.Builder
	for _, r := range report.Results {
		if r.Status != conformance.Passed {
			b.WriteString(string(r.Status) + " " + r.ID + ": " + r.Reason() + "\n")
		}
	}
	return b.String()
}
