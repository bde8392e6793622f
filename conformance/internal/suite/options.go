package suite

import (
	"errors"
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
	if o.Timeout > 0 {
		return o.Timeout
	}
	return 10 * time.Second
}

func validate(o *conformance.Options, all []conformance.Requirement) error {
	if o.Rate < 0 || o.Timeout < 0 {
		return errors.New("conformance: Rate and Timeout must not be negative")
	}
	for _, pattern := range slices.Concat(o.Run, o.Skip) {
		if err := matchesSome(pattern, all); err != nil {
			return err
		}
	}
	for id := range o.KnownFailing {
		if !slices.ContainsFunc(all, func(r conformance.Requirement) bool { return r.ID == id }) {
			return fmt.Errorf("conformance: there is no requirement %q to be known to fail", id)
		}
	}
	return nil
}

func matchesSome(pattern string, all []conformance.Requirement) error {
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
func selects(o *conformance.Options, id string) bool {
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
