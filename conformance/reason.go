package conformance

import (
	"fmt"
	"slices"
	"strings"
)

// Headline returns the verdict in words, with what qualifies it: failures that are known
// do not count, and a run of selected requirements says nothing of the others.
func (r *Report) Headline() string {
	switch r.Verdict {
	case Conformant:
		return "Conformant" + r.qualification()
	case NonConformant:
		return "Not conformant"
	}
	return "Inconclusive"
}

// Qualified reports whether the verdict is conformant, but not plainly: failures were
// listed as known, or requirements were left out.
func (r *Report) Qualified() bool { return r.Verdict == Conformant && r.qualification() != "" }

func (r *Report) qualification() string {
	var parts []string
	if n := len(r.Results); n < r.Requirements {
		parts = append(parts, fmt.Sprintf(" in the %d of %d requirements selected", n, r.Requirements))
	}
	if n := r.known(); n > 0 {
		parts = append(parts, fmt.Sprintf(" except for %d known failure%s", n, plural(n)))
	}
	return strings.Join(parts, ",")
}

// known counts the failures that do not count.
func (r *Report) known() (n int) {
	for _, result := range r.Results {
		if result.Status == Failed && !result.Counts() {
			n++
		}
	}
	return n
}

// Reason returns why the verdict is what it is, in one sentence or two. What could not
// be restored is said by [Report.Unrestored].
func (r *Report) Reason() string {
	switch {
	case r.Verdict == Conformant:
		return r.conforming()
	case r.Verdict == NonConformant:
		return r.counting() + r.cutShort()
	case r.Obstacle != "":
		return strings.TrimSuffix(r.Obstacle, ".") + "."
	case len(r.NotRestored) > 0:
		return "the user may not be as it was before the run."
	}
	return "no MUST requirement could run."
}

// conforming counts what passed, and everything that a reader could take for passed.
func (r *Report) conforming() string {
	text := count(r.Summary.Passed) + " passed and "
	if n := r.known(); n > 0 {
		text += fmt.Sprintf("none failed but %d known to fail", n)
	} else {
		text += "none failed"
	}
	if n := r.Summary.Warned; n > 0 {
		text += fmt.Sprintf("; %d warned", n)
	}
	if n := r.Summary.NotRun; n > 0 {
		text += fmt.Sprintf("; %d did not run%s", n, r.mustNotRun())
	}
	return text + "."
}

// mustNotRun says how many of the requirements that did not run are MUST.
func (r *Report) mustNotRun() string {
	n := 0
	for _, result := range r.Results {
		if result.Status == NotRun && result.Level == Must {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them MUST", n)
}

// counting names the results that make the run nonconformant, those that a cause
// explains by the cause.
func (r *Report) counting() string {
	var failed, passed []Result
	for _, result := range r.Results {
		switch {
		case !result.Counts():
		case result.Status == Passed:
			passed = append(passed, result)
		default:
			failed = append(failed, result)
		}
	}
	if len(failed) == 0 {
		return fmt.Sprintf("listed as known to fail, and passed: %s.", ids(passed))
	}
	causes, rest := r.shared(failed)
	text := count(len(failed)) + " failed"
	switch {
	case len(causes) == 0:
		return text + ": " + ids(failed) + "."
	case len(rest) == 0 && len(causes) == 1:
		return text + " for one reason: " + causes[0].Title
	case len(rest) == 0:
		return fmt.Sprintf("%s for %d reasons.", text, len(causes))
	}
	reasons := "one reason"
	if n := len(causes); n > 1 {
		reasons = fmt.Sprintf("%d reasons", n)
	}
	return fmt.Sprintf("%s, %d of them for %s; besides: %s.", text, len(failed)-len(rest), reasons, ids(rest))
}

// shared returns the causes that explain several of the failed results, and the results
// that none of these explains.
func (r *Report) shared(failed []Result) (causes []Cause, rest []Result) {
	rest = failed
	for _, c := range r.Causes {
		left := slices.DeleteFunc(slices.Clone(rest), c.explains)
		if len(rest)-len(left) > 1 {
			causes, rest = append(causes, c), left
		}
	}
	return causes, rest
}

// cutShort says how many requirements did not run because the run ended before its time,
// and why it did.
func (r *Report) cutShort() string {
	n := 0
	for _, result := range r.Results {
		if result.Status == NotRun && r.Obstacle != "" && result.Obstacle == r.Obstacle {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" %d did not run: %s.", n, strings.TrimSuffix(r.Obstacle, "."))
}

func ids(results []Result) string {
	var all []string
	for _, result := range results {
		all = append(all, result.ID)
	}
	return strings.Join(all, ", ")
}

func count(requirements int) string {
	return fmt.Sprintf("%d requirement%s", requirements, plural(requirements))
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
