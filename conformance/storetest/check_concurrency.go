package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance/internal/draw"
	"github.com/userrecord/userrecord/conformance/internal/linear"
	"github.com/userrecord/userrecord/userstore"
)

// concurrencyTime is how long a check goes on beyond its least number of rounds.
const concurrencyTime = 300 * time.Millisecond

// What many goroutines do to one user at the same time.
func concurrencyChecks() []check {
	return []check{
		must("disjoint", "Concurrent patches of different attributes all survive.", "Patch", func(t *trial) { checkDisjoint(t, "/address/street", true) }),
		must("disjoint-address", "Concurrent patches of different members of the address all survive.", "Patch", func(t *trial) { checkDisjoint(t, "", false) }),
		must("torn", "No record is ever seen with half of a patch applied.", "records", checkTorn),
		must("same", "Of concurrent patches of one attribute, one remains, whole.", "Patch", checkSame),
		must("own-value", "The record that Patch returns is that of the moment at which this patch took effect, whoever patches next.", "Patch", checkOwnValue),
		must("linearizable", "What several goroutines see of one user is explained by patches that took effect one after the other, each during its call.", "Get", checkLinearizable),
	}
}

// scalarAt returns the scalar that the pointer names.
func scalarAt(pointer string) scalar {
	for _, c := range scalars {
		if c.pointer == pointer {
			return c
		}
	}
	panic("conformance: no scalar " + pointer) // a check of ours named it
}

// callErrors collects errors of goroutines, and is ready as its zero value.
type callErrors struct {
	mu   sync.Mutex
	list []error
}

func (e *callErrors) add(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.list = append(e.list, err)
	}
}

// check fails with the first error, if there is one.
func (e *callErrors) check(t *trial) {
	if len(e.list) > 0 {
		t.failf("of concurrent calls: %v", e.list[0])
	}
}

// checkDisjoint lets each writer set one scalar several times: all attributes
// and the one member that is named, or all members of the address.
func checkDisjoint(t *trial, member string, attributes bool) {
	var mine []scalar
	for _, c := range scalars {
		if c.pointer == member || (c.attribute != nil) == attributes && (attributes || c.attribute == nil) {
			mine = append(mine, c)
		}
	}
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for round := range draw.Rounds(3, 40, concurrencyTime) {
		want := u.Attributes
		last := (round + 1) % 2
		for _, c := range mine {
			want = c.with(want, textValue(c.plain[last]))
		}
		var failed callErrors
		linear.Together(len(mine), func(i int) {
			for _, n := range []int{last, 1 - last, last} {
				_, err := s.Patch(t.ctx, u.ID, mine[i].to(mine[i].plain[n]))
				failed.add(err)
			}
		})
		failed.check(t)
		t.expect("after concurrent patches", want, t.get(s, u.ID).Attributes)
	}
}

// checkTorn patches scalars in all parts of a record alike.
func checkTorn(t *trial) {
	alike := []scalar{scalarAt("/firstName"), scalarAt("/lastName"), scalarAt("/address/street"), scalarAt("/address/houseNo")}
	patchTo := func(v string) (patch userstore.Attributes) {
		for _, c := range alike {
			patch = c.with(patch, textValue(v))
		}
		return patch
	}
	whole := func(u userstore.User, err error) error {
		for _, c := range alike {
			if first := alike[0].of(u.Attributes); err == nil && c.of(u.Attributes) != first {
				return fmt.Errorf("a record was seen with half of a patch: %s is %s and %s is %s", alike[0].pointer, showScalar(first), c.pointer, showScalar(c.of(u.Attributes)))
			}
		}
		return err
	}
	u := t.newUser(patchTo("Start"))
	s := t.open(u)
	for range draw.Rounds(3, 40, concurrencyTime) {
		var failed callErrors
		linear.Together(5, func(i int) {
			for n := range 10 {
				if i < 2 {
					failed.add(whole(s.Patch(t.ctx, u.ID, patchTo(fmt.Sprint("Writer", i, "-", n)))))
				} else {
					failed.add(whole(s.Get(t.ctx, u.ID)))
				}
			}
		})
		failed.check(t)
	}
}

// checkSame lets writers set one attribute to long texts that have nothing in
// common.
func checkSame(t *trial) {
	var values []string
	for i := range 6 {
		values = append(values, strings.Repeat(string(rune('A'+i)), 200))
	}
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for range draw.Rounds(3, 60, concurrencyTime) {
		var failed callErrors
		linear.Together(len(values), func(i int) {
			_, err := s.Patch(t.ctx, u.ID, scalars[0].to(values[i]))
			failed.add(err)
		})
		failed.check(t)
		v, _ := scalars[0].of(t.get(s, u.ID).Attributes).Get()
		if !oneOf(values, v.Text()) {
			t.failf("expected %s to be one of the values written, whole, got %q", scalars[0].pointer, v.Text())
		}
	}
}

func oneOf(values []string, v string) bool {
	for _, known := range values {
		if known == v {
			return true
		}
	}
	return false
}

func checkOwnValue(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for range draw.Rounds(3, 60, concurrencyTime) {
		var failed callErrors
		linear.Together(4, func(i int) {
			for n := range 4 {
				own := fmt.Sprint("Writer", i, "-", n)
				got, err := s.Patch(t.ctx, u.ID, scalars[0].to(own))
				if v := scalars[0].of(got.Attributes); err == nil && v != textValue(own) {
					err = fmt.Errorf("Patch of %s to %q returned a record in which it is %s", scalars[0].pointer, own, showScalar(v))
				}
				failed.add(err)
			}
		})
		failed.check(t)
	}
}

func checkLinearizable(t *trial) {
	two := [2]scalar{scalarAt("/firstName"), scalarAt("/address/street")}
	names := [2]string{two[0].pointer, two[1].pointer}
	values := [2][]string{{"A", "B", linear.Absent}, {"A", "B", linear.Absent}}
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for range draw.Rounds(5, 60, concurrencyTime) {
		initial := pairOf(two, t.get(s, u.ID).Attributes)
		var failed callErrors
		history := linear.Record(t.rand, 3, 5, values, func(p linear.Pair) linear.Reply {
			got, err := callPair(t, s, u.ID, two, p)
			failed.add(err)
			return linear.Reply{Seen: pairOf(two, got.Attributes)}
		})
		failed.check(t)
		if why := history.Counterexample(initial, names); why != "" {
			t.failf("seed %d: no order of the calls explains what was seen:\n%s", t.opts.Seed, why)
		}
	}
}

// callPair patches two scalars, or reads where the patch has nothing.
func callPair(t *trial, s userstore.Store, id uuid.UUID, two [2]scalar, p linear.Pair) (userstore.User, error) {
	if p == (linear.Pair{}) {
		return s.Get(t.ctx, id)
	}
	var patch userstore.Attributes
	for i, v := range p {
		switch v {
		case "":
		case linear.Absent:
			patch = two[i].with(patch, noScalar)
		default:
			patch = two[i].with(patch, textValue(v))
		}
	}
	u, err := s.Patch(t.ctx, id, patch)
	if err != nil {
		err = errors.Join(fmt.Errorf("a patch of %s", showAttributes(patch)), err)
	}
	return u, err
}

func pairOf(two [2]scalar, a userstore.Attributes) linear.Pair {
	var p linear.Pair
	for i, c := range two {
		p[i] = linear.Absent
		if v, ok := c.of(a).Get(); ok {
			p[i] = v.Text()
		}
	}
	return p
}
