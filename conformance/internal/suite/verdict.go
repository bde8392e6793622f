package suite

import (
	"slices"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// Finish fills in what follows from the results of the report, from its Obstacle
// and from NotRestored.
func Finish(r *conformance.Report) {
	r.Duration = time.Since(r.Started)
	r.Summary = summaryOf(r.Results)
	r.Verdict = verdictOn(r)
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

func verdictOn(r *conformance.Report) conformance.Verdict {
	mustRan := func(r conformance.Result) bool {
		return r.Level == conformance.Must && r.Status != conformance.NotRun
	}
	switch {
	case slices.ContainsFunc(r.Results, conformance.Result.Counts):
		return conformance.NonConformant
	case r.Obstacle != "", len(r.NotRestored) > 0, !slices.ContainsFunc(r.Results, mustRan):
		return conformance.Inconclusive
	}
	return conformance.Conformant
}
