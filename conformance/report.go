package conformance

import "time"

// Verdict is the outcome of a run.
type Verdict string

const (
	Conformant    Verdict = "conformant"
	NonConformant Verdict = "nonconformant"
	// Inconclusive: no MUST check could run, or what the run changed could not
	// be restored. Nothing that did not run counts as passed.
	Inconclusive Verdict = "inconclusive"
)

// Status is the outcome of one check.
type Status string

const (
	Passed   Status = "passed"
	Failed   Status = "failed"   // a MUST, or in a strict run a SHOULD
	Warned   Status = "warned"   // a SHOULD
	Observed Status = "observed" // Reason says what was seen
	NotRun   Status = "not-run"  // Reason says why
)

// Report is the outcome of a run. Encoded as JSON it has the members shown, of
// which those without omitempty are always there.
type Report struct {
	Schema  int     `json:"schema"` // 1
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason"` // of the verdict, in one sentence
	Strict  bool    `json:"strict"`
	Seed    uint64  `json:"seed"` // runs again with the same values
	Subject string  `json:"subject"`
	// Target is the base URL, or the name of the Store.
	Target   string        `json:"target,omitempty"`
	Started  time.Time     `json:"started"`
	Duration time.Duration `json:"durationNanos"`
	Summary  Summary       `json:"summary"`
	Results  []Result      `json:"results"`
	// NotRestored lists the members of the user, as JSON Pointers from the
	// attributes object, that are not what they were before the run.
	NotRestored []string `json:"notRestored,omitempty"`
}

// Summary counts results by status.
type Summary struct {
	Passed   int `json:"passed"`
	Failed   int `json:"failed"`
	Warned   int `json:"warned"`
	Observed int `json:"observed"`
	NotRun   int `json:"notRun"`
}

// Result is the outcome of one check.
type Result struct {
	Requirement
	Status Status `json:"status"`
	// Reason says what was expected and what came, what was observed, or why
	// the check did not run.
	Reason string `json:"reason"`
	// KnownFailing is the reason of [Options.KnownFailing] for this id.
	KnownFailing string        `json:"knownFailing,omitempty"`
	Duration     time.Duration `json:"durationNanos"`
	// Exchanges are the last that the check made, oldest first, where it did
	// not pass. Tokens are never in them, nor values that the users had before
	// the run, unless [Options.ShowValues] is set.
	Exchanges []Exchange `json:"exchanges"`
}

// Exchange is one request and its response, as text.
type Exchange struct {
	Request  string `json:"request"`
	Response string `json:"response"`
	// Curl is a shell line that sends the request, with the token from the
	// environment.
	Curl string `json:"curl"`
}
