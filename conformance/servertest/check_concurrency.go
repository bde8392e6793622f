package servertest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/draw"
	"github.com/userrecord/userrecord/conformance/internal/linear"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// What several clients do to the user at the same time. Only acknowledged
// patches count: a server may refuse one because of another.
func concurrencyChecks() []check {
	return family("concurrency",
		must("disjoint", "Concurrent patches of different attributes, once acknowledged, all survive.", "page: omitted fields are left untouched", concurrencyDisjoint),
		should("answer", "The answer to a concurrent patch has the value that this patch set.", "page: the complete new user record is returned", concurrencyAnswer),
		must("same", "Of concurrent patches of one attribute, one remains, whole.", "page: fields get set to the provided values", concurrencySame),
		should("address", "Where the address is merged, concurrent patches of different members of it all survive.", "RFC 5789, section 2", concurrencyAddress),
		should("torn", "A patch of several attributes is never seen half.", "RFC 5789, section 2", concurrencyTorn),
		should("linear", "What several clients see is explained by patches that took effect one after the other, each during its call.", "RFC 5789, section 2", concurrencyLinear),
	)
}

// serverTime is how long a check goes on beyond its least number of rounds.
const serverTime = 400 * time.Millisecond

// survive lets several clients write at once, round after round, and fails unless
// every acknowledged value is there afterwards.
func (t *trial) survive(pointers []string) {
	side := t.beside(pointers)
	tried := false
	for range draw.Rounds(3, 25, serverTime) {
		writes := t.newWrites(pointers)
		taken := t.sendAll(writes)
		now := t.mustRead(side)
		for _, w := range taken {
			if want := normal(w.pointer, w.value); now[w.pointer] != want {
				t.failf("%d patches were sent at once: %s was acknowledged as %q and is %q afterwards", len(writes), w.pointer, want, now[w.pointer])
			}
		}
		tried = tried || len(taken) > 1
		if anyUnclear(writes) {
			break // it may still take effect
		}
	}
	if !tried {
		t.skipf("the server never took two patches that were sent at once")
	}
}

func concurrencyDisjoint(t *trial) { t.survive(t.steady(t.apart(6))) }

func concurrencyAnswer(t *trial) {
	pointers := t.steady(t.apart(6))
	side := t.beside(pointers)
	tried := false
	for range draw.Rounds(3, 25, serverTime) {
		for _, w := range t.sendAll(t.newWrites(pointers)) {
			tried = true
			r := t.recordOf(w.answer)
			if want := normal(w.pointer, w.value); r.state[w.pointer] != want {
				t.failf("expected %s %q in the answer to the patch that set it, got %q", w.pointer, want, r.state[w.pointer])
			}
		}
		t.mustRead(side)
	}
	if !tried {
		t.skipf("the server took none of the patches that were sent at once")
	}
}

func concurrencyAddress(t *trial) {
	if t.learned.address != addressMerged {
		t.skipf("the address is not merged, or this was not found out")
	}
	var members []string
	for _, p := range pointers {
		if _, in := memberOf(p); in && essential[p] && t.notWritable(p) == "" {
			members = append(members, p)
		}
	}
	if len(members) < 2 {
		t.skipf("needs two members of the address that may be written")
	}
	t.survive(t.steady(members))
}

func concurrencySame(t *trial) {
	p := t.freeText()
	t.alone(map[string]any{p: t.longWord()})
	side := t.beside([]string{p})
	tried := false
	for range draw.Rounds(3, 15, serverTime) {
		var writes []*write
		for range 4 {
			v := t.longWord()
			writes = append(writes, &write{pointer: p, value: v, body: t.setting(map[string]any{p: v})})
		}
		taken := t.sendAll(writes)
		if len(taken) == 0 {
			continue
		}
		tried = tried || len(taken) > 1
		now := t.mustRead(side)
		if !slices.ContainsFunc(writes, func(w *write) bool { return (w.acknowledged() || w.unclear()) && w.value == now[p] }) {
			t.failf("expected %s to be one of the values acknowledged, whole, got %q", p, now[p])
		}
		if anyUnclear(writes) {
			break // it may still take effect
		}
	}
	if !tried {
		t.skipf("the server never took two patches that were sent at once")
	}
}

// concurrencyTorn lets one client set two attributes alike while others read.
func concurrencyTorn(t *trial) {
	first := t.freeText()
	second := t.freeText(first)
	start := t.word()
	t.alone(map[string]any{first: start, second: start})
	side := t.beside([]string{first, second})
	alike := func() *write {
		v := t.word()
		return &write{body: t.setting(map[string]any{first: v, second: v})}
	}
	for range draw.Rounds(3, 8, serverTime) {
		writes := make([]*write, 10)
		for i := range writes {
			writes[i] = alike()
		}
		var mu sync.Mutex
		var torn string
		linear.Together(3, func(i int) {
			for _, w := range writes {
				if i == 0 {
					w.send(t)
					continue
				}
				if seen, err := side.read(); err == nil && seen[first] != seen[second] {
					mu.Lock()
					torn = fmt.Sprintf("a patch that set %s and %s alike was seen half: %q and %q", first, second, seen[first], seen[second])
					mu.Unlock()
				}
			}
		})
		if torn != "" {
			t.failf("%s", torn)
		}
	}
}

func concurrencyLinear(t *trial) {
	two := t.steady(t.apart(2))
	names := [2]string{two[0], two[1]}
	side := t.beside(two)
	source := suite.Rand(t.opts.Seed, t.Requirement.ID)
	for range draw.Rounds(3, 10, serverTime) {
		before := t.mustRead(side)
		var values [2][]string
		for i, p := range two {
			values[i] = []string{t.fresh(p).(string), t.fresh(p).(string)}
		}
		bodies := t.settings(names, values)
		do := func(p linear.Pair) linear.Reply { return t.callPair(side, names, bodies[p]) }
		if alone := linear.Record(source, 1, 5, values, do); alone.AnyUnclear() || alone.Counterexample(pairSeen(names, before), names) != "" {
			t.skipf("the answers are not explained even by the patches of one client")
		}
		before = t.mustRead(side)
		history := linear.Record(source, 3, 5, values, do)
		if why := history.Counterexample(pairSeen(names, before), names); why != "" {
			t.failf("seed %d: no order of the calls explains what was seen:\n%s", t.opts.Seed, why)
		}
		if history.AnyUnclear() {
			break // it may still take effect
		}
	}
}
