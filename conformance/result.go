package conformance

import (
	"strings"
	"time"
)

// Status is the outcome of one check.
type Status string

// The statuses.
const (
	Passed   Status = "passed"
	Failed   Status = "failed"   // a MUST, or in a strict run a SHOULD
	Warned   Status = "warned"   // a SHOULD
	Observed Status = "observed" // an OBSERVE, whatever came of it
	NotRun   Status = "not-run"
)

// Result is the outcome of one check.
type Result struct {
	Requirement
	Status Status `json:"status"`
	// Failures say what was wrong, one for each difference. There is at least one
	// if Status is Failed or Warned; an Observed result may have some.
	Failures []Failure `json:"failures,omitempty"`
	// Observed are the choices of the server or Store that the check saw, in the
	// order in which it saw them. Only results without Failures have any.
	Observed []string `json:"observed,omitempty"`
	// Obstacle is why the check did not run. It is empty unless Status is NotRun.
	Obstacle string `json:"obstacle,omitempty"`
	// KnownFailing is the reason of [Options.KnownFailing] for this id.
	KnownFailing string        `json:"knownFailing,omitempty"`
	Duration     time.Duration `json:"durationNanos"`
	// Again is a line for a POSIX shell that runs this check again, with the same
	// values; the command userconform gives one where the check did not pass. A failure
	// that depends on what earlier checks left behind may not show then: to see it
	// again, repeat the whole run with the report's seed.
	Again string `json:"again,omitempty"`
	// Exchanges are the last that the check made, at most eight, oldest first,
	// where it did not pass; [Result.AtFault] returns the one to look at. Tokens are never in them, nor values that the users
	// had before the run, unless [Options.ShowValues] is set.
	Exchanges []Exchange `json:"exchanges"`
}

// A Failure is one difference between what a check expected and what came.
type Failure struct {
	// Where says what was tried, or which part of what came differs, such as
	// "in the answer: /lastName". It may be empty.
	Where    string `json:"where,omitempty"`
	Expected string `json:"expected"`
	Got      string `json:"got"`
	// Detail has what it takes to see the failure again, as lines: the steps of a
	// random sequence, or the calls of several clients. It is mostly empty.
	Detail string `json:"detail,omitempty"`
}

// String returns the failure in words; the Detail begins a new line.
func (f Failure) String() string {
	text := "expected " + f.Expected + ", got " + f.Got
	if f.Where != "" {
		text = f.Where + ": " + text
	}
	if f.Detail != "" {
		text += "\n" + f.Detail
	}
	return text
}

// Exchange is one request and its response, as text.
type Exchange struct {
	Request  string `json:"request"`
	Response string `json:"response"`
	// Curl is a line for a POSIX shell that sends the request, with the tokens
	// from the environment variables ACCESS_TOKEN, FORBIDDEN_TOKEN and
	// UNLINKED_TOKEN, and made-up values in place of hidden ones. It is empty where
	// no line of reasonable length can.
	Curl string `json:"curl"`
	// AtFault marks the request that the failure is about, in contrast to those that
	// prepared it or read the outcome. A failed check has one, if it made any.
	AtFault bool `json:"atFault,omitempty"`
	// Alone says that Curl alone shows the failure again: the failure is in the answer to
	// this request, and Curl sends no made-up values. If Alone is false, it takes all the
	// requests that [Result.Again] sends.
	Alone bool `json:"alone,omitempty"`
}

// AtFault returns the exchange that the failure is about, or else the last; nil if there
// is none.
func (r *Result) AtFault() *Exchange {
	for i := range r.Exchanges {
		if r.Exchanges[i].AtFault {
			return &r.Exchanges[i]
		}
	}
	if len(r.Exchanges) == 0 {
		return nil
	}
	return &r.Exchanges[len(r.Exchanges)-1]
}

// Reproduction returns a line for a POSIX shell that shows again what the check found:
// the Curl of the exchange at fault where that is enough, otherwise Again. It is empty
// where there is neither.
func (r *Result) Reproduction() string {
	if e := r.AtFault(); e != nil && e.Curl != "" && (e.Alone || r.Again == "") {
		return e.Curl
	}
	return r.Again
}

// Counts reports whether the result alone makes a run nonconformant: a failure
// that is not known, or what is known to fail and passed.
func (r Result) Counts() bool {
	if r.KnownFailing != "" {
		return r.Status == Passed
	}
	return r.Status == Failed
}

// Reason returns in words what was wrong, what was observed, or why the check did
// not run. It is empty for a check that passed and saw no choice.
func (r Result) Reason() string {
	if len(r.Failures) == 0 {
		return r.Obstacle + strings.Join(r.Observed, "; ")
	}
	var parts []string
	for _, f := range r.Failures {
		parts = append(parts, f.String())
	}
	return strings.Join(parts, "; ")
}
