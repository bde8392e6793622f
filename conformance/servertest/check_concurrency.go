package servertest

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/linear"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// What happens when several clients patch the user at the same time. Only
// acknowledged patches count: a server may refuse one because of another.
func concurrencyChecks() []check {
	return family("concurrency",
		must("disjoint", "Concurrent patches of different attributes, once acknowledged, all survive.", "page: omitted fields are left untouched", concurrencyDisjoint).carefully(),
		should("answer", "The answer to a concurrent patch has the value that this patch set.", "page: the complete new user record is returned", concurrencyAnswer).carefully(),
		must("same", "Of concurrent patches of one attribute, one remains, whole.", "page: fields get set to the provided values", concurrencySame).carefully(),
		should("address", "Where the address is merged, concurrent patches of different members of it all survive.", "RFC 5789, section 2", concurrencyAddress).carefully(),
		should("torn", "A patch of several attributes is never seen half.", "RFC 5789, section 2", concurrencyTorn).carefully(),
		should("linear", "What several clients see is explained by patches that took effect one after the other, each during its call.", "RFC 5789, section 2", concurrencyLinear).carefully(),
	)
}

// serverTime is how long a check goes on, unless its least number of rounds takes
// longer.
const serverTime = 400 * time.Millisecond

// rounds counts the rounds of a check: a few, or many once a check has failed, and then
// until the time is over.
func (t *trial) rounds(few int) iter.Seq[int] {
	if t.unsound {
		return concurrent.Rounds(few, few+moreRounds, serverTime)
	}
	return concurrent.Rounds(few, few, serverTime)
}

// survive lets several clients patch the user at once, each its own scalar several times,
// and fails unless the value that each was told last is there afterwards. Where an answer
// lacks a value that was acknowledged before, it tries many times more.
func (t *trial) survive(pointers []string, links int) {
	side := t.beside(pointers)
	tried := false
	for rounds := 1; rounds > 0; rounds-- {
		clients := t.newChains(pointers, links)
		t.sendChains(clients)
		now := t.mustRead(side)
		t.chains = append(t.chains, clients...)
		for _, c := range clients {
			if want, told := c.told(); told && now[c.pointer] != want {
				t.fail(failure{Where: fmt.Sprintf("after patches of %d clients at once: %s", len(clients), c.pointer), Expected: show(want) + ", as it was acknowledged", Got: now.describe(c.pointer)})
			}
		}
		told := slices.DeleteFunc(slices.Clone(clients), func(c *chain) bool { _, told := c.told(); return !told })
		if slices.ContainsFunc(clients, (*chain).unclear) {
			break // it may still take effect
		}
		if !tried && (len(told) < 2 || anyLost(clients)) {
			rounds += moreRounds
		}
		tried = tried || len(told) > 1
	}
	if !tried {
		t.skipf("the server never took two patches that were sent at once")
	}
}

// moreRounds is how often concurrent patches are tried again after a sign of a fault.
const moreRounds = 24

func concurrencyDisjoint(t *trial) { t.survive(t.steady(t.apart(8)), 3) }

func concurrencyAnswer(t *trial) {
	rounds := 2
	if len(t.chains) > 0 {
		if !anyForgotten(t.chains) {
			return // those of concurrency.disjoint show the same
		}
		rounds = moreRounds
	}
	pointers := t.steady(t.apart(8))
	tried := false
	for range rounds {
		for _, w := range t.sendAll(t.newWrites(pointers)) {
			tried = true
			r := t.recordOf(w.answer)
			if want := normal(w.pointer, w.value); r.state[w.pointer] != want {
				t.failf(w.pointer+" "+show(want)+" in the answer to the patch that set it", "%s", r.state.describe(w.pointer))
			}
		}
	}
	if !tried {
		t.skipf("the server took none of the patches that were sent at once")
	}
}

func concurrencyAddress(t *trial) {
	if t.learned.address != addressModeMerged {
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
	t.survive(t.steady(members), 2)
}

func concurrencySame(t *trial) {
	p := t.freeText()
	t.setOrSkip(map[string]any{p: t.longWord()})
	side := t.beside([]string{p})
	tried := false
	for range t.rounds(2) {
		var writes []*write
		for range 3 {
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
			t.failf(p+" to be one of the values acknowledged, whole", "%s", now.describe(p))
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
	alike := [2]string{t.freeText(), ""}
	alike[1] = t.freeText(alike[0])
	start := t.word()
	t.setOrSkip(map[string]any{alike[0]: start, alike[1]: start})
	side := t.beside(alike[:])
	for range t.rounds(1) {
		writes := t.writesAlike(alike, 3)
		torn := make([]*failure, 2) // what each reader found
		concurrent.Together(1+len(torn), func(i int) {
			if i == len(torn) {
				for _, w := range writes {
					w.send(t)
				}
				return
			}
			for range writes {
				if f := side.readTorn(alike); f != nil {
					torn[i] = f
				}
			}
		})
		for _, f := range torn {
			if f != nil {
				t.fail(*f)
			}
		}
	}
}

// writesAlike returns n patches that set the two scalars alike, each to another
// word.
func (t *trial) writesAlike(alike [2]string, n int) []*write {
	writes := make([]*write, n)
	for i := range writes {
		v := t.word()
		writes[i] = &write{body: t.setting(map[string]any{alike[0]: v, alike[1]: v})}
	}
	return writes
}

// readTorn reads the user, and returns a failure where the two scalars are not
// alike.
func (r *reader) readTorn(alike [2]string) *failure {
	seen, err := r.read()
	if err != nil || seen[alike[0]] == seen[alike[1]] {
		return nil
	}
	return &failure{
		Where:    "while patches set " + alike[0] + " and " + alike[1] + " alike",
		Expected: "to read them alike",
		Got:      seen.describe(alike[0]) + " and " + seen.describe(alike[1]),
	}
}

func concurrencyLinear(t *trial) {
	two := t.steady(t.apart(2))
	names := [2]string{two[0], two[1]}
	side := t.beside(two)
	source := suite.Rand(t.opts.Seed, t.Requirement.ID)
	for round := range t.rounds(2) {
		before := t.mustRead(side)
		var values [2][]string
		for i, p := range two {
			values[i] = []string{t.fresh(p).(string), t.fresh(p).(string)}
		}
		bodies := t.settings(names, values)
		do := func(p linear.Pair) linear.Reply { return t.callPair(side, names, bodies[p]) }
		if round == 0 {
			if alone := linear.Record(source, 1, 4, values, do); alone.AnyUnclear() || alone.Counterexample(pairSeen(names, before), names) != "" {
				t.skipf("the answers are not explained even by the patches of one client")
			}
			before = t.mustRead(side)
		}
		history := linear.Record(source, 3, 5, values, do)
		if calls := history.Counterexample(pairSeen(names, before), names); calls != "" {
			t.fail(failure{Expected: "an order of the calls that explains what each saw", Got: "none", Detail: fmt.Sprintf("with the seed %d, of the calls\n%s", t.opts.Seed, calls)})
		}
		if history.AnyUnclear() {
			break // it may still take effect
		}
	}
}
