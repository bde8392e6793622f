package conformance

import "time"

// Options are what a run may choose. nil, and the zero value, run every check.
type Options struct {
	// Strict makes the failure of a SHOULD count as that of a MUST.
	Strict bool
	// Run and Skip are patterns of ids, in the syntax of path.Match: merge.* is
	// a family. A check runs if Run is empty or one of its patterns matches the id, and
	// no pattern of Skip matches it. A pattern that matches no id is an error.
	Run, Skip []string
	// KnownFailing has the reasons, by id, why requirements are known to fail. Their
	// failures do not count. They are still checked, and one that passes makes the run
	// nonconformant.
	KnownFailing map[string]string
	// Rate limits the requests a second, from 0.001 to 1,000,000; 0 means no limit.
	Rate float64
	// Timeout limits each request, or each call of a Store; 0 means ten seconds. It
	// is never more than MaxTime.
	Timeout time.Duration
	// MaxTime limits the checks of a run; 0 means 15 minutes. When it is over, no
	// further check begins, the check under way ends, and the user is restored. That
	// takes at most half a minute more, plus the Timeout of a request or call that is
	// under way. What has not run by then is [NotRun].
	MaxTime time.Duration
	// Seed determines the values that are written, and the random sequences. 0 means
	// a random seed; the report names it.
	Seed uint64
	// ShowValues lets reports show the values that the users had before the run.
	ShowValues bool
	// Progress, if not nil, is told of every result as it comes.
	Progress func(done, total int, result Result)
}

// A ConfigError says which field of [Options], or of the target of a suite, makes
// a run impossible.
type ConfigError struct {
	Field   string // with its type, such as Options.Rate or Target.URL
	Problem string // such as "must not be negative"
}

// Error names the field and the problem.
func (e *ConfigError) Error() string { return "conformance: " + e.Field + ": " + e.Problem }
