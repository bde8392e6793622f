package conformance

import "slices"

// A Cause is one reason for which several requirements fail.
type Cause struct {
	// Title says what the server or Store does, in one sentence.
	Title string `json:"title"`
	// Hint shows it by an example from an answer. It may be empty.
	Hint string `json:"hint,omitempty"`
	// Explains are the ids of the requirements that fail, or warn, for this reason
	// alone, as far as the suite can tell. None is in two causes.
	Explains []string `json:"explains"`
}

// String returns how many requirements the cause explains, the title and the hint.
func (c Cause) String() string {
	text := count(len(c.Explains)) + " for this one reason: " + c.Title
	if c.Hint != "" {
		text += " " + c.Hint
	}
	return text
}

// Unexplained returns the results that no cause of the report explains.
func (r *Report) Unexplained(results []Result) []Result {
	explained := func(result Result) bool {
		return slices.ContainsFunc(r.Causes, func(c Cause) bool { return c.explains(result) })
	}
	return slices.DeleteFunc(slices.Clone(results), explained)
}

func (c Cause) explains(result Result) bool { return slices.Contains(c.Explains, result.ID) }
