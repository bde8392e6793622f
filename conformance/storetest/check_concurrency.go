package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/linear"
	"github.com/userrecord/userrecord/userstore"
)

// concurrencyTime is how long a check goes on, unless its least number of rounds takes
// longer.
const concurrencyTime = 300 * time.Millisecond

// What happens when many goroutines patch and read one user at the same time.
func concurrencyChecks() []check {
	attributesAndStreet := func(c scalar) bool { return !c.inAddress() || c.pointer == "/address/street" }
	return []check{
		must("disjoint", "Concurrent patches of different attributes all survive.", "Patch", checkDisjoint(attributesAndStreet)),
		must("disjoint-address", "Concurrent patches of different members of the address all survive.", "Patch", checkDisjoint(scalar.inAddress)),
		must("torn", "No record is ever seen with half of a patch applied.", "records", checkTorn),
		must("same", "Of concurrent patches of one attribute, one remains, whole.", "Patch", checkSame),
		must("own-value", "The record that Patch returns is that of the moment at which this patch took effect, whoever patches next.", "Patch", checkOwnValue),
		must("linearizable", "What several goroutines see of one user is explained by patches that took effect one after the other, each during its call.", "Get", checkLinearizable),
	}
}

// A collector collects the failures that several goroutines find. Its zero value is
// ready to use.
type collector struct {
	mu       sync.Mutex
	failures []conformance.Failure
}

// failf adds a failure.
func (c *collector) failf(expected, got string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, conformance.Failure{Where: "of concurrent calls", Expected: expected, Got: fmt.Sprintf(got, args...)})
}

// noError adds a failure unless err is nil, and reports whether it is.
func (c *collector) noError(err error) bool {
	if err != nil {
		c.failf("no error", "%v", err)
	}
	return err == nil
}

// end ends the trial with the first failure, if there is one.
func (c *collector) end(t *trial) {
	if len(c.failures) > 0 {
		t.fail(c.failures[0])
	}
}

// checkDisjoint lets each of several writers set a scalar of its own, all at the same
// time.
func checkDisjoint(writes func(scalar) bool) func(*trial) {
	return func(t *trial) {
		u := t.newUser(plainAttributes(0))
		s := t.open(u)
		written := slices.DeleteFunc(slices.Clone(scalars), func(c scalar) bool { return !writes(c) })
		for round := range concurrent.Rounds(3, 40, concurrencyTime) {
			last := (round + 1) % 2
			want := u.Attributes
			for _, c := range written {
				want = c.with(want, textValue(c.plain[last]))
			}
			var found collector
			concurrent.Together(len(written), func(i int) {
				_, err := s.Patch(t.ctx, u.ID, written[i].to(written[i].plain[last]))
				found.noError(err)
			})
			found.end(t)
			t.expect("after concurrent patches", want, t.get(s, u.ID).Attributes)
		}
	}
}

// alike are scalars in all parts of a record: two attributes, a member of the address
// that is a text, and one that is a text or a number.
var alike = []scalar{scalarAt("/firstName"), scalarAt("/lastName"), scalarAt("/address/street"), scalarAt("/address/houseNo")}

// allAlike returns a patch that sets the alike scalars to one text.
func allAlike(v string) (patch userstore.Attributes) {
	for _, c := range alike {
		patch = c.with(patch, textValue(v))
	}
	return patch
}

// checkTorn lets two writers set scalars alike while three readers read them.
func checkTorn(t *trial) {
	u := t.newUser(allAlike("Start"))
	s := t.open(u)
	for range concurrent.Rounds(3, 40, concurrencyTime) {
		var found collector
		concurrent.Together(5, func(i int) {
			for n := range 10 {
				if i < 2 {
					found.whole(s.Patch(t.ctx, u.ID, allAlike(fmt.Sprint("Writer", i, "-", n))))
				} else {
					found.whole(s.Get(t.ctx, u.ID))
				}
			}
		})
		found.end(t)
	}
}

// whole adds a failure unless the alike scalars of the record are alike.
func (c *collector) whole(u userstore.User, err error) {
	if !c.noError(err) {
		return
	}
	first := alike[0].of(u.Attributes)
	for _, other := range alike {
		if got := other.of(u.Attributes); got != first {
			c.failf(fmt.Sprintf("a record with the whole patch, in which %s is %s and so is %s", alike[0].pointer, showScalar(first), other.pointer), "%s", showScalar(got))
			return
		}
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
	for range concurrent.Rounds(3, 60, concurrencyTime) {
		var found collector
		concurrent.Together(len(values), func(i int) {
			_, err := s.Patch(t.ctx, u.ID, scalars[0].to(values[i]))
			found.noError(err)
		})
		found.end(t)
		v, _ := scalars[0].of(t.get(s, u.ID).Attributes).Get()
		if !slices.Contains(values, v.Text()) {
			t.failf(scalars[0].pointer+" to be one of the values written, whole", "%q", v.Text())
		}
	}
}

func checkOwnValue(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for range concurrent.Rounds(3, 60, concurrencyTime) {
		var found collector
		concurrent.Together(4, func(i int) {
			for n := range 4 {
				own := fmt.Sprint("Writer", i, "-", n)
				got, err := s.Patch(t.ctx, u.ID, scalars[0].to(own))
				if v := scalars[0].of(got.Attributes); found.noError(err) && v != textValue(own) {
					found.failf(fmt.Sprintf("the patch of %s to %q to return that value", scalars[0].pointer, own), "%s", showScalar(v))
				}
			}
		})
		found.end(t)
	}
}

func checkLinearizable(t *trial) {
	two := [2]scalar{scalarAt("/firstName"), scalarAt("/address/street")}
	names := [2]string{two[0].pointer, two[1].pointer}
	values := [2][]string{{"A", "B", linear.Absent}, {"A", "B", linear.Absent}}
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for range concurrent.Rounds(5, 60, concurrencyTime) {
		initial := pairOf(two, t.get(s, u.ID).Attributes)
		var found collector
		history := linear.Record(t.rand, 3, 5, values, func(p linear.Pair) linear.Reply {
			got, err := callPair(t, s, u.ID, two, p)
			found.noError(err)
			return linear.Reply{Seen: pairOf(two, got.Attributes)}
		})
		found.end(t)
		if calls := history.Counterexample(initial, names); calls != "" {
			t.fail(conformance.Failure{Expected: "an order of the calls that explains what each saw", Got: "none", Detail: fmt.Sprintf("with the seed %d, of the calls\n%s", t.opts.Seed, calls)})
		}
	}
}

// callPair patches the two scalars; a patch of nothing reads.
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
