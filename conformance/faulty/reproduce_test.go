package faulty

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// A requirement that runs alone, with the seed of a full run, fails as it did there.
func TestReproduces(t *testing.T) {
	type failing struct{ fault, id string }
	inBubbles(t, []failing{
		{"text-mojibake", "lossless.letters"},
		{"ignores-gender", "merge.gender"},
		{"echo-date-shifted", "dates.same-day"},
		{"address-half-merged", "model.sequence"},
		{"unauthorized-but-done", "credentials.junk"},
		{"partial-before", "atomic.first"},
	}, func(f failing) string { return f.fault }, func(t *testing.T, f failing) {
		full := check(t, newFaulty(t, f.fault), servertest.Target{}, conformance.Options{})
		alone := check(t, newFaulty(t, f.fault), servertest.Target{}, conformance.Options{Run: []string{f.id}})
		want, got := failuresOf(full, f.id), failuresOf(alone, f.id)
		if len(want) == 0 {
			t.Error("no failure in the full run")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("failures (-full +alone):\n%s", diff)
		}
	})
}

func failuresOf(report *conformance.Report, id string) []conformance.Failure {
	for _, r := range report.Results {
		if r.ID == id {
			return r.Failures
		}
	}
	return nil
}
