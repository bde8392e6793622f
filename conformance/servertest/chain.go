package servertest

import (
	"slices"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/concurrent"
)

// A chain is the patches of one client, which sends them one after the other: values of
// one scalar.
type chain struct {
	pointer string
	links   []*link
}

// A link is a write, from when to when.
type link struct {
	write
	sent, acknowledged time.Time
	seen               state // the scalars of all chains in the answer; nil if it shows no record
}

// newChains returns chains of n fresh values, one for each scalar.
func (t *trial) newChains(pointers []string, n int) []*chain {
	chains := make([]*chain, len(pointers))
	for i, p := range pointers {
		chains[i] = &chain{pointer: p}
	}
	for range n {
		for i, w := range t.newWrites(pointers) {
			chains[i].links = append(chains[i].links, &link{write: *w})
		}
	}
	return chains
}

// sendChains sends the chains at the same time. Each ends with the first patch that the
// server does not take.
func (t *trial) sendChains(chains []*chain) {
	gate := newGate(len(chains))
	concurrent.Together(len(chains), func(i int) {
		first := &ticket{gate: gate}
		defer first.arrive()
		chains[i].links[0].ticket = first
		for _, l := range chains[i].links {
			l.sent = time.Now()
			l.write.send(t)
			if l.write.acknowledged() {
				l.acknowledged = time.Now()
			}
			l.shorten(chains)
			if l.acknowledged.IsZero() {
				return
			}
		}
	})
}

// shorten keeps of the answer what the chains are about. A run keeps hundreds of links, and
// a server chooses how long its answers are.
func (l *link) shorten(chains []*chain) {
	if l.err != nil {
		return
	}
	if r, err := l.answer.record(); err == nil {
		l.seen = state{}
		for _, c := range chains {
			if v, ok := r.state[c.pointer]; ok {
				l.seen[c.pointer] = apartFrom(v)
			}
		}
	}
	l.answer = &answer{status: l.answer.status}
}

// told returns the last value that was acknowledged, in its normal form.
func (c *chain) told() (value string, told bool) {
	for _, l := range slices.Backward(c.links) {
		if !l.acknowledged.IsZero() {
			return normal(c.pointer, l.value), true
		}
	}
	return "", false
}

// unclear reports whether a patch may have taken effect, or may still do so.
func (c *chain) unclear() bool {
	return slices.ContainsFunc(c.links, func(l *link) bool { return !l.sent.IsZero() && l.write.unclear() })
}

// anyLost reports whether the answer to a patch lacks a value of another client that had
// been acknowledged before the patch was sent: such a value, or the answer, is wrong.
func anyLost(chains []*chain) bool {
	for _, reader := range chains {
		for _, l := range reader.links {
			if l.acknowledged.IsZero() {
				continue
			}
			if l.seen == nil || slices.ContainsFunc(chains, func(c *chain) bool { return c.lacks(l.seen[c.pointer], l.sent) }) {
				return true
			}
		}
	}
	return false
}

// lacks reports whether a value that was seen, by a request sent at that time, is older
// than one that had been acknowledged.
func (c *chain) lacks(seen string, at time.Time) bool {
	acknowledged := false
	for _, l := range slices.Backward(c.links) {
		if !l.sent.IsZero() && seen == normal(c.pointer, l.value) {
			return acknowledged
		}
		acknowledged = acknowledged || !l.acknowledged.IsZero() && l.acknowledged.Before(at)
	}
	return acknowledged
}

// anyForgotten reports whether the answer to a patch lacks the value that this patch set.
func anyForgotten(chains []*chain) bool {
	for _, c := range chains {
		for _, l := range c.links {
			if l.acknowledged.IsZero() {
				continue
			}
			if l.seen == nil || l.seen[c.pointer] != normal(c.pointer, l.value) {
				return true
			}
		}
	}
	return false
}
