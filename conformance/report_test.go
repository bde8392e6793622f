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
