// Package suite is what the suites of servers and of Stores share: how options
// select checks, how a check ends and is graded, and what a run makes of it.
package suite

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// NewReport begins the report of a run. [Finish] ends it.
func NewReport(subject, target string, o *conformance.Options) *conformance.Report {
	return &conformance.Report{Schema: 1, Subject: subject, Target: target, Strict: o.Strict, Seed: o.Seed, Started: time.Now().UTC()}
}

// Run runs the checks that the options select, in their order, and adds their
// results to the report.
func Run[Check any](o *conformance.Options, report *conformance.Report, checks []Check, idOf func(Check) string, run func(Check) conformance.Result) {
	var selected []Check
	for _, c := range checks {
		if selects(o, idOf(c)) {
			selected = append(selected, c)
		}
	}
	for i, c := range selected {
		begin := time.Now()
		result := run(c)
		result.Duration = time.Since(begin)
		result.KnownFailing = o.KnownFailing[idOf(c)]
		report.Results = append(report.Results, result)
		if o.Progress != nil {
			o.Progress(i+1, len(selected), result)
		}
	}
}

// Stopped is why a check did not run where the context of the run is done.
const Stopped = "the run was stopped"

// An Outcome is how a check ended: it passed, failed or did not run.
type Outcome struct {
	Status conformance.Status
	Reason string
}

// End ends the check that [Outcome.Of] runs. It does not return.
func (o Outcome) End() { panic(o) }

// Ended runs a check and returns the outcome with which it ended.
func Ended(check func()) (o Outcome) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case Outcome:
			o = v
		default:
			panic(v)
		}
	}()
	check()
	return Outcome{Status: conformance.Passed}
}

// Graded turns what a check found into a status, by its level.
func (o Outcome) Graded(level conformance.Level, strict bool, observed []string) Outcome {
	seen := strings.Join(observed, "; ")
	switch {
	case o.Status == conformance.Failed && level == conformance.Should && !strict:
		o.Status = conformance.Warned
	case o.Status != conformance.NotRun && level == conformance.Observe:
		if o.Reason == "" {
			o.Reason = seen
		}
		o.Status = conformance.Observed
	case o.Status == conformance.Passed:
		o.Reason = seen
	}
	return o
}

// Rand returns a source of a check's own: what it draws does not depend on which
// other checks run.
func Rand(seed uint64, id string) *rand.Rand {
	own := fnv.New64()
	fmt.Fprint(own, id)
	return rand.New(rand.NewPCG(seed, own.Sum64()))
}
