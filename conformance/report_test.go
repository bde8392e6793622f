package conformance_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
)

func TestResultReason(t *testing.T) {
	for name, tt := range map[string]struct {
		result conformance.Result
		want   string
	}{
		"nothing":      {conformance.Result{}, ""},
		"obstacle":     {conformance.Result{Obstacle: "needs X"}, "needs X"},
		"observed":     {conformance.Result{Observed: []string{"404", "422"}}, "404; 422"},
		"failure":      {conformance.Result{Failures: []conformance.Failure{{Expected: "a", Got: "b"}}}, "expected a, got b"},
		"with a place": {conformance.Result{Failures: []conformance.Failure{{Where: "in the answer: /x", Expected: "a", Got: "b"}}}, "in the answer: /x: expected a, got b"},
		"two, and a detail": {
			conformance.Result{Failures: []conformance.Failure{{Expected: "a", Got: "b"}, {Expected: "c", Got: "d", Detail: "after\nmuch"}}},
			"expected a, got b; expected c, got d\nafter\nmuch",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.result.Reason()); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReportReason(t *testing.T) {
	result := func(id string, s conformance.Status, known string) conformance.Result {
		return conformance.Result{Requirement: conformance.Requirement{ID: id}, Status: s, KnownFailing: known}
	}
	for name, tt := range map[string]struct {
		report conformance.Report
		want   string
	}{
		"conformant": {conformance.Report{Verdict: conformance.Conformant, Summary: conformance.Summary{Passed: 1}}, "1 requirement passed and none failed."},
		"failed": {
			conformance.Report{Verdict: conformance.NonConformant, Results: []conformance.Result{result("a", conformance.Failed, ""), result("b", conformance.Failed, "known"), result("c", conformance.Failed, ""), result("d", conformance.Passed, "known")}},
			"2 requirements failed: a, c.",
		},
		"known, and passed": {
			conformance.Report{Verdict: conformance.NonConformant, Results: []conformance.Result{result("a", conformance.Passed, ""), result("b", conformance.Passed, "known")}},
			"listed as known to fail, and passed: b.",
		},
		"obstacle":     {conformance.Report{Verdict: conformance.Inconclusive, Obstacle: "the run was stopped", NotRestored: []string{"/email"}}, "the run was stopped."},
		"not restored": {conformance.Report{Verdict: conformance.Inconclusive, NotRestored: []string{"/email"}}, "the user may not be as it was before the run."},
		"no MUST":      {conformance.Report{Verdict: conformance.Inconclusive}, "no MUST requirement could run."},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.report.Reason()); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}
