package conformance

import (
	"iter"
	"slices"
	"time"

	"pgregory.net/rapid"
)

// Of rapid, the generators are used. Its Check is for go test alone: it asks
// testing.Short, which panics elsewhere, takes its seed and number from global
// flags, and writes a file where it fails. So the sequences are drawn here, from
// the seed of the options, and a failing one is made smaller here.

// A step of a random sequence reads a user, or patches it.
type step struct {
	user    int // which, where there are several
	read    bool
	changes []change // of different members
}

// A change of a patch sets a member to one of its values, by number, or to null.
type change struct {
	pointer string
	null    bool
	choice  int
}

// A sequenceSpace says which sequences are drawn.
type sequenceSpace struct {
	users    []int // as often as they stand here
	pointers []string
	choices  int                       // of values for each pointer
	nullable func(pointer string) bool // nil: none
}

// sizes are the numbers of changes in a patch, as often as they stand here.
var sizes = []int{2, 0, 1, 3, 4, 6, 8, 12}

// sequences returns a generator of sequences with so many steps.
func (s sequenceSpace) sequences(least, most int) *rapid.Generator[[]step] {
	return rapid.SliceOfN(rapid.Custom(s.step), least, most)
}

func (s sequenceSpace) step(t *rapid.T) step {
	drawn := step{
		user: rapid.SampledFrom(s.users).Draw(t, "user"),
		read: rapid.IntRange(0, 5).Draw(t, "read") == 5,
	}
	if drawn.read {
		return drawn
	}
	size := min(rapid.SampledFrom(sizes).Draw(t, "size"), len(s.pointers))
	for _, p := range rapid.Permutation(s.pointers).Draw(t, "pointers")[:size] {
		c := change{pointer: p, choice: rapid.IntRange(0, s.choices-1).Draw(t, "choice")}
		c.null = s.nullable != nil && s.nullable(p) && rapid.IntRange(0, 3).Draw(t, "null") == 3
		drawn.changes = append(drawn.changes, c)
	}
	return drawn
}

// falsify draws as many examples, the same for the same seed, while there is
// time, and returns the smallest that it finds to fail with the reason why; the
// reason is empty where none does.
func falsify(seed uint64, examples *rapid.Generator[[]step], times iter.Seq[int], fails func([]step) string) ([]step, string) {
	for i := range times {
		example := examples.Example(int(seed) + i)
		if reason := fails(example); reason != "" {
			return shrink(example, reason, fails)
		}
	}
	return nil, ""
}

// maxShrinks is how many smaller sequences are tried.
const maxShrinks = 100

// shrink returns a failing sequence of which no part can be left out, as far as
// the tries reach.
func shrink(example []step, reason string, fails func([]step) string) ([]step, string) {
	tries := 0
	for again := true; again; {
		again = false
		for candidate := range smaller(example) {
			if tries++; tries > maxShrinks {
				return example, reason
			}
			if r := fails(candidate); r != "" {
				example, reason, again = candidate, r, true
				break
			}
		}
	}
	return example, reason
}

// smaller yields sequences that are like the one given but for a part, the
// largest parts first.
func smaller(steps []step) iter.Seq[[]step] {
	return func(yield func([]step) bool) {
		for size := (len(steps) + 1) / 2; size > 0; size /= 2 {
			for i := 0; i+size <= len(steps); i += size {
				if len(steps) > size && !yield(slices.Delete(slices.Clone(steps), i, i+size)) {
					return
				}
			}
		}
		for i, s := range steps {
			for _, simpler := range s.simpler() {
				candidate := slices.Clone(steps)
				candidate[i] = simpler
				if !yield(candidate) {
					return
				}
			}
		}
	}
}

// simpler returns the step less each of its changes, and with each in a simpler
// form.
func (s step) simpler() []step {
	var list []step
	for i, c := range s.changes {
		less := s
		less.changes = slices.Delete(slices.Clone(s.changes), i, i+1)
		list = append(list, less)
		if c.choice > 0 || c.null {
			plain := s
			plain.changes = slices.Clone(s.changes)
			plain.changes[i] = change{pointer: c.pointer}
			list = append(list, plain)
		}
	}
	return list
}

// rounds counts from 0 to most, and ends before that when the time is over, but
// not before least.
func rounds(least, most int, limit time.Duration) iter.Seq[int] {
	return func(yield func(int) bool) {
		end := time.Now().Add(limit)
		for i := range most {
			if i >= least && time.Now().After(end) || !yield(i) {
				return
			}
		}
	}
}
