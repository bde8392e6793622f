package conformance

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"time"
)

// Options are what a run may choose. nil, and the zero value, run every check.
type Options struct {
	// Strict makes the failure of a SHOULD count as that of a MUST.
	Strict bool
	// Run and Skip are patterns of ids, in the syntax of path.Match: merge.* is
	// a family. A check runs if a pattern of Run matches it, or there is none,
	// and none of Skip does. A pattern that matches no id is an error.
	Run, Skip []string
	// KnownFailing gives ids whose failure does not count, with the reason. They
	// still run; one that passes makes the run nonconformant.
	KnownFailing map[string]string
	// Rate limits the requests a second; 0 means no limit.
	Rate float64
	// Timeout limits each request, or each call of a Store; 0 means ten seconds.
	Timeout time.Duration
	// Seed makes the values that are written, and the random sequences. 0 means
	// a random one; the report names it.
	Seed uint64
	// ShowValues lets reports show the values that the users had before the run.
	ShowValues bool
	// Progress, if not nil, is told of every result as it comes.
	Progress func(done, total int, result Result)
}

func (o *Options) timeout() time.Duration {
	if o.Timeout > 0 {
		return o.Timeout
	}
	return 10 * time.Second
}

// validate checks the patterns and ids against the requirements of the subject.
func (o *Options) validate(all []Requirement) error {
	if o.Rate < 0 || o.Timeout < 0 {
		return errors.New("conformance: Rate and Timeout must not be negative")
	}
	for _, pattern := range append(append([]string{}, o.Run...), o.Skip...) {
		if err := matchesSome(pattern, all); err != nil {
			return err
		}
	}
	for id := range o.KnownFailing {
		if !slices.ContainsFunc(all, func(r Requirement) bool { return r.ID == id }) {
			return fmt.Errorf("conformance: there is no requirement %q to be known to fail", id)
		}
	}
	return nil
}

func matchesSome(pattern string, all []Requirement) error {
	for _, r := range all {
		ok, err := path.Match(pattern, r.ID)
		if err != nil {
			return fmt.Errorf("conformance: the pattern %q is malformed: %w", pattern, err)
		}
		if ok {
			return nil
		}
	}
	return fmt.Errorf("conformance: the pattern %q matches no requirement", pattern)
}

// selects reports whether the check with that id is to run.
func (o *Options) selects(id string) bool {
	return (len(o.Run) == 0 || matchesAny(o.Run, id)) && !matchesAny(o.Skip, id)
}

func matchesAny(patterns []string, id string) bool {
	for _, p := range patterns {
		if ok, _ := path.Match(p, id); ok { // validate has seen the error
			return true
		}
	}
	return false
}
