package storetest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/linear"
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
		must("torn", "No record is ever seen with half of a patch applied.", "records", checkLoad(judgeWhole)),
		must("same", "Of concurrent patches of one attribute, one remains, whole.", "Patch", checkLoad(judgeWritten)),
		must("own-value", "The record that Patch returns is that of the moment at which this patch took effect, whoever patches next.", "Patch", checkLoad(judgeOwn)),
		must("linearizable", "What several goroutines see of one user is explained by patches that took effect one after the other, each during its call.", "Get", checkLoad(judgeOrder)),
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

// checkLoad lets a judge look at the rounds of the run's load.
func checkLoad(judge func(*trial, round)) func(*trial) {
	return func(t *trial) {
		for _, r := range t.load() {
			judge(t, r)
		}
	}
}

// judgeWhole fails unless the first cell has one value in all places of a record.
func judgeWhole(t *trial, r round) {
	alike := cells[0].places
	for _, c := range r.calls {
		first := alike[0].of(c.got)
		for _, other := range alike {
			if got := other.of(c.got); got != first {
				t.failf(fmt.Sprintf("a record with the whole patch, in which %s is %s and so is %s", alike[0].pointer, showScalar(first), other.pointer), "%s", showScalar(got))
			}
		}
	}
}

// judgeWritten fails unless a record holds one of the texts written.
func judgeWritten(t *trial, r round) {
	place := cells[0].places[0]
	for _, c := range r.calls {
		if v, _ := place.of(c.got).Get(); !slices.Contains(longTexts, v.Text()) {
			t.failf(place.pointer+" to be one of the values written, whole", "%q", v.Text())
		}
	}
}

// judgeOwn fails unless a patch returned the values that it set.
func judgeOwn(t *trial, r round) {
	for _, c := range r.calls {
		for i, want := range c.patch {
			place := cells[i].places[0]
			if got := cells[i].at(place, c.got); want != "" && want != linear.Absent && got != want {
				t.failf(fmt.Sprintf("the patch of %s to return the text that it set", place.pointer), "%s", showScalar(place.of(c.got)))
			}
		}
	}
}

// judgeOrder fails unless an order of the calls explains what they returned.
func judgeOrder(t *trial, r round) {
	names := [2]string{cells[0].places[0].pointer, cells[1].places[0].pointer}
	if calls := r.Counterexample(r.before, names); calls != "" {
		t.fail(conformance.Failure{Expected: "an order of the calls that explains what each saw", Got: "none", Detail: fmt.Sprintf("with the seed %d, of the calls\n%s", t.opts.Seed, calls)})
	}
}
