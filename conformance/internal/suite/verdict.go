package suite

import (
	"fmt"
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// Finish fills in what follows from the results of the report, and from
// NotRestored. A reason that is already there makes a run without failures
// inconclusive.
func Finish(r *conformance.Report) {
	r.Duration = time.Since(r.Started)
	r.Summary = summaryOf(r.Results)
	judge(r)
}

func summaryOf(results []conformance.Result) (s conformance.Summary) {
	for _, result := range results {
		switch result.Status {
		case conformance.Passed:
			s.Passed++
		case conformance.Failed:
			s.Failed++
		case conformance.Warned:
			s.Warned++
		case conformance.Observed:
			s.Observed++
		case conformance.NotRun:
			s.NotRun++
		}
	}
	return s
}

// judge sets the verdict and its reason.
func judge(r *conformance.Report) {
	var failed, passing []string
	musts := 0
	for _, result := range r.Results {
		switch {
		case result.Status == conformance.Failed && result.KnownFailing == "":
			failed = append(failed, result.ID)
		case result.Status == conformance.Passed && result.KnownFailing != "":
			passing = append(passing, result.ID)
		}
		if result.Level == conformance.Must && result.Status != conformance.NotRun {
			musts++
		}
	}
	switch {
	case len(failed) > 0:
		r.Verdict, r.Reason = conformance.NonConformant, fmt.Sprintf("%s failed: %s.", requirements(len(failed)), strings.Join(failed, ", "))
	case len(passing) > 0:
		r.Verdict, r.Reason = conformance.NonConformant, fmt.Sprintf("listed as known to fail, and passed: %s.", strings.Join(passing, ", "))
	case r.Reason != "":
		r.Verdict = conformance.Inconclusive
	case len(r.NotRestored) > 0:
		r.Verdict, r.Reason = conformance.Inconclusive, "the user could not be restored: "+strings.Join(r.NotRestored, ", ")+"."
	case musts == 0:
		r.Verdict, r.Reason = conformance.Inconclusive, "no MUST requirement could run."
	default:
		r.Verdict, r.Reason = conformance.Conformant, fmt.Sprintf("%s passed and none failed.", requirements(r.Summary.Passed))
	}
}

func requirements(n int) string {
	if n == 1 {
		return "1 requirement"
	}
	return fmt.Sprintf("%d requirements", n)
}
