package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/linear"
	"github.com/userrecord/userrecord/userstore"
)

// A load is rounds in which several goroutines patch and read one user at the same time.
// Four checks judge the load of a run, so that every call counts for all of them.
type load []round

// A round is what one round showed.
type round struct {
	before linear.Pair // the values of the cells
	calls  []call
	linear.History
}

// A call is a patch of the cells, or a read, and the record that it returned.
type call struct {
	patch linear.Pair
	got   userstore.Attributes
}

// loadTime is how long a load goes on, unless its least number of rounds takes longer: as
// long as loads of the four checks' own would.
const loadTime = 4 * concurrencyTime

// load returns the load of the run. The first check that asks for it makes it.
func (t *trial) load() load {
	if *t.made == nil {
		*t.made = t.newLoad()
	}
	return *t.made
}

func (t *trial) newLoad() (made load) {
	u := t.newUser(cells[1].with(cells[0].with(userstore.Attributes{}, "A"), "A"))
	s := t.open(u)
	for range concurrent.Rounds(6, 70, loadTime) {
		made = append(made, t.newRound(s, u.ID))
	}
	return made
}

// newRound lets four goroutines patch, and now and then read, while three others read.
func (t *trial) newRound(s userstore.Store, id uuid.UUID) round {
	const each = 5
	plans := linear.Draw(t.rand, 4, each, 4, [2][]string{cells[0].values(), append(cells[1].values(), linear.Absent)})
	for range 3 {
		plans = append(plans, make([]linear.Pair, each))
	}
	r := round{before: pairOf(t.get(s, id).Attributes)}
	var mu sync.Mutex
	var found collector
	r.History = linear.Record(plans, func(patch linear.Pair) linear.Reply {
		got, err := t.callPair(s, id, patch)
		found.noError(err)
		mu.Lock()
		defer mu.Unlock()
		r.calls = append(r.calls, call{patch, got.Attributes})
		return linear.Reply{Seen: pairOf(got.Attributes)}
	})
	found.end(t)
	return r
}

// callPair patches the cells; a patch of nothing reads.
func (t *trial) callPair(s userstore.Store, id uuid.UUID, p linear.Pair) (userstore.User, error) {
	if p == (linear.Pair{}) {
		return s.Get(t.ctx, id)
	}
	var patch userstore.Attributes
	for i, v := range p {
		if v != "" {
			patch = cells[i].with(patch, v)
		}
	}
	u, err := s.Patch(t.ctx, id, patch)
	if err != nil {
		err = errors.Join(fmt.Errorf("a patch of %s", showAttributes(patch)), err)
	}
	return u, err
}

// A cell is scalars that are always patched together. Its values are the letters from A
// on, one for each text that its scalars can hold, and [linear.Absent].
type cell struct {
	places []scalar
	texts  func(place scalar) []string
}

// cells are patched and read in a load. The first is never cleared, and holds long texts
// that have nothing in common.
var cells = [2]cell{
	{[]scalar{scalarAt("/firstName"), scalarAt("/lastName"), scalarAt("/address/street"), scalarAt("/address/houseNo")}, func(scalar) []string { return longTexts }},
	{[]scalar{scalarAt("/locale"), scalarAt("/address/region")}, func(place scalar) []string { return place.plain }},
}

var longTexts = func() (texts []string) {
	for letter := range strings.SplitSeq("ABCDEFGH", "") {
		texts = append(texts, strings.Repeat(letter, 200))
	}
	return texts
}()

func (c cell) values() (letters []string) {
	for i := range c.texts(c.places[0]) {
		letters = append(letters, string(rune('A'+i)))
	}
	return letters
}

// with returns the attributes with the value in the cell.
func (c cell) with(a userstore.Attributes, value string) userstore.Attributes {
	for _, place := range c.places {
		if value == linear.Absent {
			a = place.with(a, noScalar)
		} else {
			a = place.with(a, textValue(c.texts(place)[value[0]-'A']))
		}
	}
	return a
}

// of returns the value in the cell, or what there is instead.
func (c cell) of(a userstore.Attributes) string {
	var held []string
	for _, place := range c.places {
		held = append(held, c.at(place, a))
	}
	return strings.Join(slices.Compact(held), " and ")
}

// at returns the value in one place of the cell, or what there is instead.
func (c cell) at(place scalar, a userstore.Attributes) string {
	v, ok := place.of(a).Get()
	if !ok {
		return linear.Absent
	}
	if i := slices.Index(c.texts(place), v.Text()); i >= 0 {
		return string(rune('A' + i))
	}
	return showScalar(place.of(a))
}

// pairOf returns the values in the cells.
func pairOf(a userstore.Attributes) linear.Pair {
	return linear.Pair{cells[0].of(a), cells[1].of(a)}
}
