package draw

import (
	"iter"
	"slices"

	"pgregory.net/rapid"
)

// Falsify draws an example for each of times, the same ones for the same seed. It
// returns the smallest failing example that it finds, and its failures. There are no
// failures where an example passes, and where none fails.
func Falsify[F any](seed uint64, examples *rapid.Generator[[]Step], times iter.Seq[int], fails func([]Step) []F) ([]Step, []F) {
	for i := range times {
		example := examples.Example(int(seed) + i)
		if failures := fails(example); len(failures) > 0 {
			return shrink(example, failures, fails)
		}
	}
	return nil, nil
}

// maxShrinks is how many smaller sequences are tried.
const maxShrinks = 100

// shrink returns a failing sequence from which no part can be left out, as far as
// the tries reach.
func shrink[F any](example []Step, failures []F, fails func([]Step) []F) ([]Step, []F) {
	tries := 0
	for again := true; again; {
		again = false
		for candidate := range smaller(example) {
			if tries++; tries > maxShrinks {
				return example, failures
			}
			if f := fails(candidate); len(f) > 0 {
				example, failures, again = candidate, f, true
				break
			}
		}
	}
	return example, failures
}

// smaller yields the sequences that are one change away: without a run of steps,
// the longest runs first, and then with one step simpler.
func smaller(steps []Step) iter.Seq[[]Step] {
	return func(yield func([]Step) bool) {
		_ = shorter(steps, yield) && simpler(steps, yield)
	}
}

// shorter yields the steps without each half, each quarter, and so on down to
// single steps; never without all. It reports whether yield wants more.
func shorter(steps []Step, yield func([]Step) bool) bool {
	for size := (len(steps) + 1) / 2; size > 0; size /= 2 {
		for i := 0; i+size <= len(steps); i += size {
			if len(steps) > size && !yield(slices.Delete(slices.Clone(steps), i, i+size)) {
				return false
			}
		}
	}
	return true
}

// simpler yields the steps with one of them simpler. It reports whether yield
// wants more.
func simpler(steps []Step, yield func([]Step) bool) bool {
	for i, s := range steps {
		for _, simple := range s.simpler() {
			candidate := slices.Clone(steps)
			candidate[i] = simple
			if !yield(candidate) {
				return false
			}
		}
	}
	return true
}

// simpler returns the step without each of its changes, and with each in a
// simpler form.
func (s Step) simpler() []Step {
	var list []Step
	for i, c := range s.Changes {
		less := s
		less.Changes = slices.Delete(slices.Clone(s.Changes), i, i+1)
		list = append(list, less)
		if c.Choice > 0 || c.Null {
			plain := s
			plain.Changes = slices.Clone(s.Changes)
			plain.Changes[i] = Change{Pointer: c.Pointer}
			list = append(list, plain)
		}
	}
	return list
}
