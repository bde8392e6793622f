package suite

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// Configure returns the options of a run, with a seed; nil stands for the zero
// value. The error says which of them make no sense for those requirements.
func Configure(opts *conformance.Options, all []conformance.Requirement) (conformance.Options, error) {
	var o conformance.Options
	if opts != nil {
		o = *opts
	}
	if o.Seed == 0 {
		o.Seed = 1 + rand.Uint64N(1<<53-1) // every reader of JSON keeps it whole
	}
	return o, validate(&o, all)
}

// Timeout returns the limit of each request or call.
func Timeout(o *conformance.Options) time.Duration {
	return min(cmp.Or(o.Timeout, 10*time.Second), MaxTime(o))
}

// MaxTime returns the limit of the checks together.
func MaxTime(o *conformance.Options) time.Duration { return cmp.Or(o.MaxTime, 15*time.Minute) }

// What a rate can be, in requests a second. The pauses between them are whole
// nanoseconds, and shorter than a lifetime.
const (
	minRate = 0.001
	maxRate = 1_000_000
)

func validate(o *conformance.Options, all []conformance.Requirement) error {
	const negative = "must not be negative"
	switch {
	case o.Rate != 0 && !(minRate <= o.Rate && o.Rate <= maxRate): // it may be NaN
		return &conformance.ConfigError{Field: "Options.Rate", Problem: fmt.Sprintf("must be 0, or from %v to %d", minRate, maxRate)}
	case o.Timeout < 0:
		return &conformance.ConfigError{Field: "Options.Timeout", Problem: negative}
	case o.MaxTime < 0:
		return &conformance.ConfigError{Field: "Options.MaxTime", Problem: negative}
	}
	for id := range o.KnownFailing {
		if !slices.ContainsFunc(all, func(r conformance.Requirement) bool { return r.ID == id }) {
			return &conformance.ConfigError{Field: "Options.KnownFailing", Problem: fmt.Sprintf("there is no requirement %q", id)}
		}
	}
	return cmp.Or(validatePatterns("Options.Run", o.Run, all), validatePatterns("Options.Skip", o.Skip, all))
}

// validatePatterns asks each pattern to match a requirement.
func validatePatterns(field string, patterns []string, all []conformance.Requirement) error {
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil {
			return &conformance.ConfigError{Field: field, Problem: fmt.Sprintf("the pattern %q is malformed", p)}
		}
		if !slices.ContainsFunc(all, func(r conformance.Requirement) bool { return matches(p, r.ID) }) {
			return &conformance.ConfigError{Field: field, Problem: fmt.Sprintf("the pattern %q matches no requirement", p)}
		}
	}
	return nil
}

// selects reports whether the check with that id is to run.
func selects(o *conformance.Options, id string) bool {
	return (len(o.Run) == 0 || matchesAny(o.Run, id)) && !matchesAny(o.Skip, id)
}

func matchesAny(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, id) })
}

func matches(pattern, id string) bool {
	ok, err := path.Match(pattern, id)
	return ok && err == nil // validate refuses a malformed pattern
}
