package conformance

import (
	"strings"
	"time"
)

// Verdict is the outcome of a run.
type Verdict string

// The verdicts.
const (
	Conformant    Verdict = "conformant"
	NonConformant Verdict = "nonconformant"
	// Inconclusive means that the run was kept from its verdict (the server was not
	// reached, or the user not readable: see [Report.Obstacle]), that no MUST check
	// could run, or that what the run changed could not be restored. Nothing that did
	// not run counts as passed.
	Inconclusive Verdict = "inconclusive"
)

// Report is the outcome of a run. Encoded as JSON it has the members shown, of
// which those without omitempty are always there. Package render adds headline and
// reason to the report, and reason and reproduction to each result: the texts of the
// methods of these names.
type Report struct {
	Schema  int     `json:"schema"`  // 1
	Version string  `json:"version"` // of the suite, as [Version] returns it
	Verdict Verdict `json:"verdict"`
	Strict  bool    `json:"strict"`
	Seed    uint64  `json:"seed"` // a run with this seed writes the same values
	Subject string  `json:"subject"`
	// Target is the base URL, or the name of the Store's type.
	Target   string        `json:"target,omitempty"`
	Started  time.Time     `json:"started"`
	Duration time.Duration `json:"durationNanos"`
	Summary  Summary       `json:"summary"`
	// Requirements is how many requirements the suite has for the subject. Where
	// Options.Run or Options.Skip left some out, Results has fewer.
	Requirements int `json:"requirements"`
	// Causes are reasons for which several requirements fail each. They only sort
	// the failures, all of which are in Results.
	Causes  []Cause  `json:"causes,omitempty"`
	Results []Result `json:"results"`
	// Obstacle is what kept the run as a whole from a verdict, such as a user that
	// cannot be read; mostly it is empty.
	Obstacle string `json:"obstacle,omitempty"`
	// NotRestored lists the members of the user, as JSON Pointers from the
	// attributes object, that differ from what they were before the run, or may
	// differ, because they cannot be read any more.
	NotRestored []string `json:"notRestored,omitempty"`
	// LeftBehind lists members of the attributes, as JSON Pointers, that were not
	// there before the run. The run sent them to see whether the server ignores or
	// refuses them; the server kept them, and does not clear them.
	LeftBehind []string `json:"leftBehind,omitempty"`
	// Notes are sentences on how the run went: how the user was read where that was
	// not as usual, what the run saw of the server's health, and which tokens were too
	// short to be kept out of the report.
	Notes []string `json:"notes,omitempty"`
}

// Summary counts results by status.
type Summary struct {
	Passed   int `json:"passed"`
	Failed   int `json:"failed"`
	Warned   int `json:"warned"`
	Observed int `json:"observed"`
	NotRun   int `json:"notRun"`
}

// Unrestored returns a sentence that names what is not as it was before the run,
// or "".
func (r *Report) Unrestored() string {
	if len(r.NotRestored) == 0 {
		return ""
	}
	return "These could not be restored: " + strings.Join(r.NotRestored, ", ") + "."
}
