// Package draw draws random sequences of patches and reads, and makes one that
// fails smaller.
//
// Of rapid, the generators are used. Its Check is for go test alone: it asks
// testing.Short, which panics elsewhere, takes its seed and number from global
// flags, and writes a file where it fails. So the sequences are drawn here, from
// the seed of the options, and a failing one is made smaller here.
package draw

import (
	"pgregory.net/rapid"
)

// A Step of a random sequence reads a user, or patches it.
type Step struct {
	User    int // which, where there are several
	Read    bool
	Changes []Change // of different members
}

// A Change of a patch sets a member to one of its values, by number, or to null.
type Change struct {
	Pointer string
	Null    bool
	Choice  int
}

// A Space says which sequences are drawn.
type Space struct {
	Users    []int // one that is listed twice is drawn twice as often
	Pointers []string
	Choices  int                       // how many values each pointer has
	Nullable func(pointer string) bool // nil: none
}

// sizes are the numbers of changes in a patch, all drawn alike often. The first is
// the simplest to rapid.
var sizes = []int{2, 0, 1, 3, 4, 6, 8, 12}

// Sequences returns a generator of sequences of least to most steps.
func (s Space) Sequences(least, most int) *rapid.Generator[[]Step] {
	return rapid.SliceOfN(rapid.Custom(s.draw), least, most)
}

func (s Space) draw(t *rapid.T) Step {
	drawn := Step{
		User: rapid.SampledFrom(s.Users).Draw(t, "user"),
		Read: rapid.IntRange(0, 5).Draw(t, "read") == 5,
	}
	if drawn.Read {
		return drawn
	}
	size := min(rapid.SampledFrom(sizes).Draw(t, "size"), len(s.Pointers))
	for _, p := range rapid.Permutation(s.Pointers).Draw(t, "pointers")[:size] {
		c := Change{Pointer: p, Choice: rapid.IntRange(0, s.Choices-1).Draw(t, "choice")}
		c.Null = s.Nullable != nil && s.Nullable(p) && rapid.IntRange(0, 3).Draw(t, "null") == 3
		drawn.Changes = append(drawn.Changes, c)
	}
	return drawn
}
