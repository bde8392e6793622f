// Package suite is what the suites of servers and of Stores share: how options
// select checks, how a check ends and is graded, and what a run makes of it.
package suite

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// NewReport begins the report of a run. [Finish] ends it.
func NewReport(subject, target string, o *conformance.Options) *conformance.Report {
	return &conformance.Report{Schema: 1, Version: conformance.Version(), Subject: subject, Target: target, Strict: o.Strict, Seed: o.Seed, Started: time.Now().UTC()}
}

// Run runs the checks that the options select, in their order, and adds their
// results to the report.
func Run[Check any](o *conformance.Options, report *conformance.Report, checks []Check, idOf func(Check) string, run func(Check) conformance.Result) {
	selected := Select(o, report, checks, idOf)
	for _, c := range selected {
		begin := time.Now()
		result := run(c)
		result.Duration = time.Since(begin)
		Add(o, report, len(selected), result)
	}
}

// Select returns the checks that the options select, and notes in the report how many
// there are.
func Select[Check any](o *conformance.Options, report *conformance.Report, checks []Check, idOf func(Check) string) []Check {
	report.Requirements = len(checks)
	var selected []Check
	for _, c := range checks {
		if selects(o, idOf(c)) {
			selected = append(selected, c)
		}
	}
	return selected
}

// Add adds the result of the next of the selected checks to the report, and tells the
// progress.
func Add(o *conformance.Options, report *conformance.Report, selected int, result conformance.Result) {
	result.KnownFailing = o.KnownFailing[result.ID]
	report.Results = append(report.Results, result)
	if o.Progress != nil {
		o.Progress(len(report.Results), selected, result)
	}
}

// Rand returns a source of a check's own: what it draws does not depend on which
// other checks run.
func Rand(seed uint64, id string) *rand.Rand {
	own := fnv.New64()
	fmt.Fprint(own, id)
	return rand.New(rand.NewPCG(seed, own.Sum64()))
}
