package suite

import (
	"slices"

	"github.com/userrecord/userrecord/conformance"
)

// An Outcome is how a check ended: it passed, failed or did not run.
type Outcome struct {
	Status   conformance.Status
	Failures []conformance.Failure
	Observed []string
	Obstacle string
}

// Failed is the outcome of a check that found the failures.
func Failed(failures ...conformance.Failure) Outcome {
	return Outcome{Status: conformance.Failed, Failures: failures}
}

// Failed reports whether the check failed a MUST or a SHOULD.
func (o Outcome) Failed() bool {
	return o.Status == conformance.Failed || o.Status == conformance.Warned
}

// NotRun is the outcome of a check that could not run.
func NotRun(obstacle string) Outcome {
	return Outcome{Status: conformance.NotRun, Obstacle: obstacle}
}

// End ends the check that [Ended] runs, with this outcome. It does not return.
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

// Graded turns what a check found into a status, by its level, and adds what it
// observed.
func (o Outcome) Graded(level conformance.Level, strict bool, observed []string) Outcome {
	switch {
	case o.Status == conformance.NotRun:
		return o
	case level == conformance.Observe:
		o.Status = conformance.Observed
	case o.Status == conformance.Failed && level == conformance.Should && !strict:
		o.Status = conformance.Warned
	}
	if len(o.Failures) == 0 {
		o.Observed = observed
	}
	return o
}

// Mapped returns the outcome with each text replaced.
func (o Outcome) Mapped(replace func(string) string) Outcome {
	o.Failures, o.Observed = slices.Clone(o.Failures), slices.Clone(o.Observed)
	for i := range o.Failures {
		f := &o.Failures[i]
		f.Where, f.Expected, f.Got, f.Detail = replace(f.Where), replace(f.Expected), replace(f.Got), replace(f.Detail)
	}
	for i := range o.Observed {
		o.Observed[i] = replace(o.Observed[i])
	}
	o.Obstacle = replace(o.Obstacle)
	return o
}

// Result returns the result of a check that ended so.
func (o Outcome) Result(r conformance.Requirement, exchanges []conformance.Exchange) conformance.Result {
	if o.Status == conformance.Passed || exchanges == nil {
		exchanges = []conformance.Exchange{}
	}
	return conformance.Result{Requirement: r, Status: o.Status, Failures: o.Failures, Observed: o.Observed, Obstacle: o.Obstacle, Exchanges: exchanges}
}

// At puts the place before the Where of each failure.
func At(place string, failures []conformance.Failure) []conformance.Failure {
	failures = slices.Clone(failures)
	for i := range failures {
		switch f := &failures[i]; {
		case f.Where == "":
			f.Where = place
		case place != "":
			f.Where = place + ": " + f.Where
		}
	}
	return failures
}

// WithDetail adds the detail to the failures: to the last, so that it ends their
// text.
func WithDetail(failures []conformance.Failure, detail string) []conformance.Failure {
	failures = slices.Clone(failures)
	failures[len(failures)-1].Detail = detail
	return failures
}
