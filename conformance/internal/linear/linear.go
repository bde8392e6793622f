// Package linear records what several clients do to two scalars of one record at
// the same time, and finds out whether that history is linearizable: whether each
// call can be given one moment between its begin and its end so that, in the
// order of these moments, each saw what the ones before it left. The search is
// porcupine's.
package linear

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
)

// A Pair holds two scalars as texts; [Absent] stands for one without a value. In
// a patch, "" leaves a scalar untouched; a patch of nothing reads.
type Pair [2]string

// Absent is a scalar without a value. A patch to it clears the scalar.
const Absent = "-"

// merge returns the pair that the patch makes of p.
func (p Pair) merge(patch Pair) Pair {
	for i, v := range patch {
		if v != "" {
			p[i] = v
		}
	}
	return p
}

// A Reply is how a call ended.
type Reply struct {
	Seen Pair // the record, if End is EndKnown
	End  End
}

// An End says what is known of a call.
type End int

// The ends of calls.
const (
	EndKnown   End = iota // it took effect, and Seen is the record
	EndRefused            // it did nothing
	EndUnclear            // it may have taken effect, or may still do so
)

// A History is the calls of all clients, in the order in which they returned.
type History []porcupine.Operation

// Record lets the clients make their calls at the same time, patches drawn from
// r, and returns the history. What changed nothing for certain is not in it.
func Record(r *rand.Rand, clients, calls int, values [2][]string, do func(patch Pair) Reply) History {
	var (
		mu      sync.Mutex
		history History
		begin   = time.Now()
		plans   = make([][]Pair, clients)
	)
	for i := range plans {
		plans[i] = drawPatches(r, calls, values)
	}
	concurrent.Together(clients, func(client int) {
		for _, patch := range plans[client] {
			call := time.Since(begin).Nanoseconds()
			answer := do(patch)
			end := time.Since(begin).Nanoseconds()
			if answer.End == EndUnclear {
				end = math.MaxInt64 // it may still take effect
			}
			mu.Lock()
			if answer.End != EndRefused && !(answer.End == EndUnclear && patch == Pair{}) {
				history = append(history, porcupine.Operation{ClientId: client, Input: patch, Call: call, Output: answer, Return: end})
			}
			mu.Unlock()
		}
	})
	return history
}

// AnyUnclear reports whether a call may have taken effect, or may still do so.
func (h History) AnyUnclear() bool {
	return slices.ContainsFunc(h, func(o porcupine.Operation) bool { return o.Output.(Reply).End == EndUnclear })
}

// drawPatches draws n patches. Half of them patch the first scalar; the others
// patch the first, the second or both, alike often.
func drawPatches(r *rand.Rand, n int, values [2][]string) []Pair {
	patches := make([]Pair, n)
	for i := range patches {
		which := 0
		if r.IntN(2) == 0 {
			which = 1 + r.IntN(3)
		}
		for j := range 2 {
			if which>>j&1 == 1 {
				patches[i][j] = values[j][r.IntN(len(values[j]))]
			}
		}
	}
	return patches
}

// searchTimeout limits the search; a history that takes longer says nothing.
const searchTimeout = time.Second

// model is a record of both scalars, from its initial state.
func model(initial Pair) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, patch, answer any) (bool, any) {
			next := state.(Pair).merge(patch.(Pair))
			r := answer.(Reply)
			return r.End == EndUnclear || r.Seen == next, next
		},
	}
}

// Counterexample returns the shortest part of the history that is not
// linearizable, one call a line, or "" if the history is. The names are those of
// the two scalars.
func (h History) Counterexample(initial Pair, names [2]string) string {
	illegal := func(h History) bool {
		return porcupine.CheckOperationsTimeout(model(initial), h, searchTimeout) == porcupine.Illegal
	}
	if !illegal(h) {
		return ""
	}
	h = slices.SortedFunc(slices.Values(h), func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	for n := range h {
		if part := h.firstReturned(n + 1); illegal(part) {
			h = part
			break
		}
	}
	for i := len(h) - 1; i >= 0; i-- {
		if h[i].Input == (Pair{}) {
			if less := slices.Delete(slices.Clone(h), i, i+1); illegal(less) {
				h = less
			}
		}
	}
	return h.describe(initial, names)
}

// firstReturned returns the history up to the moment at which the first n calls
// have returned; patches that had begun by then may or may not have taken effect.
func (h History) firstReturned(n int) History {
	part := slices.Clone(h[:n])
	for _, o := range h[n:] {
		if o.Call <= h[n-1].Return && o.Input != (Pair{}) {
			o.Output, o.Return = Reply{End: EndUnclear}, math.MaxInt64
			part = append(part, o)
		}
	}
	return part
}

// describe returns the calls as lines, in the order in which they began.
func (h History) describe(initial Pair, names [2]string) string {
	lines := []string{"at first " + initial.describe(names)}
	for _, o := range slices.SortedFunc(slices.Values(h), func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) }) {
		did := "reads"
		if o.Input != (Pair{}) {
			did = "patches " + o.Input.(Pair).describe(names)
		}
		line := fmt.Sprintf("client %d, from %v ", o.ClientId, microseconds(o.Call))
		if answer := o.Output.(Reply); answer.End == EndKnown {
			line += fmt.Sprintf("to %v, %s: %s", microseconds(o.Return), did, answer.Seen.describe(names))
		} else {
			line += did + ", maybe without effect"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func microseconds(nanos int64) time.Duration {
	return time.Duration(nanos).Round(time.Microsecond)
}

func (p Pair) describe(names [2]string) string {
	var parts []string
	for i, v := range p {
		if v != "" {
			parts = append(parts, names[i]+"="+v)
		}
	}
	return strings.Join(parts, " ")
}
