package conformance

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
)

// A history is what several clients did with two scalars of one record at the
// same time. It is linearizable if every call can be given one moment between
// its begin and its end so that, in the order of these moments, each saw what
// the ones before it left. That is what porcupine finds out.

// A pair holds two scalars as texts; notThere is one that has no value. In a
// patch, "" leaves a scalar untouched; a patch of nothing reads.
type pair [2]string

const notThere = "-"

// merge returns the pair that the patch makes of p.
func (p pair) merge(patch pair) pair {
	for i, v := range patch {
		if v != "" {
			p[i] = v
		}
	}
	return p
}

// A reply is how a call ended.
type reply struct {
	seen pair // the record, where known
	end  replyEnd
}

type replyEnd int

const (
	known   replyEnd = iota // seen is the record
	refused                 // nothing was done
	unknown                 // it may or may not have taken effect
)

// pairModel is the record that both scalars make up, from its initial state.
func pairModel(initial pair) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, patch, answer any) (bool, any) {
			next := state.(pair).merge(patch.(pair))
			r := answer.(reply)
			return r.end == unknown || r.seen == next, next
		},
	}
}

// concurrently lets the clients make their calls, drawn from r, and returns the
// history of them.
func concurrently(r *rand.Rand, clients, calls int, values [2][]string, do func(patch pair) reply) []porcupine.Operation {
	var (
		mu      sync.Mutex
		history []porcupine.Operation
		begin   = time.Now()
		plans   = make([][]pair, clients)
	)
	for i := range plans {
		plans[i] = drawPatches(r, calls, values)
	}
	together(clients, func(client int) {
		for _, patch := range plans[client] {
			call := time.Since(begin).Nanoseconds()
			answer := do(patch)
			end := time.Since(begin).Nanoseconds()
			if answer.end == unknown {
				end = math.MaxInt64 // it may still take effect
			}
			mu.Lock()
			if answer.end != refused && !(answer.end == unknown && patch == pair{}) {
				history = append(history, porcupine.Operation{ClientId: client, Input: patch, Call: call, Output: answer, Return: end})
			}
			mu.Unlock()
		}
	})
	return history
}

// anyUnknown reports whether a call may have taken effect, or may still do so.
func anyUnknown(history []porcupine.Operation) bool {
	return slices.ContainsFunc(history, func(o porcupine.Operation) bool { return o.Output.(reply).end == unknown })
}

// drawPatches draws patches of the first scalar, of the second, of both, and as
// often of nothing.
func drawPatches(r *rand.Rand, n int, values [2][]string) []pair {
	patches := make([]pair, n)
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

// linearizeTimeout limits the search; a history that takes longer says nothing.
const linearizeTimeout = time.Second

// linearizable returns "", or why the history is not: the shortest part of it
// that is not, one call a line.
func linearizable(initial pair, names [2]string, history []porcupine.Operation) string {
	illegal := func(h []porcupine.Operation) bool {
		return porcupine.CheckOperationsTimeout(pairModel(initial), h, linearizeTimeout) == porcupine.Illegal
	}
	if !illegal(history) {
		return ""
	}
	slices.SortFunc(history, func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	for n := range history {
		if part := firstReturned(history, n+1); illegal(part) {
			history = part
			break
		}
	}
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].Input == (pair{}) {
			if less := slices.Delete(slices.Clone(history), i, i+1); illegal(less) {
				history = less
			}
		}
	}
	return describeHistory(initial, names, history)
}

// firstReturned returns the history up to the moment at which the first n calls
// have returned; what had begun by then may or may not have taken effect.
func firstReturned(history []porcupine.Operation, n int) []porcupine.Operation {
	part := slices.Clone(history[:n])
	for _, o := range history[n:] {
		if o.Call <= history[n-1].Return && o.Input != (pair{}) {
			o.Output, o.Return = reply{end: unknown}, math.MaxInt64
			part = append(part, o)
		}
	}
	return part
}

func describeHistory(initial pair, names [2]string, history []porcupine.Operation) string {
	history = slices.Clone(history)
	slices.SortFunc(history, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	lines := []string{"at first " + describePair(initial, names)}
	for _, o := range history {
		did := "reads"
		if o.Input != (pair{}) {
			did = "patches " + describePair(o.Input.(pair), names)
		}
		line := fmt.Sprintf("client %d, from %v ", o.ClientId, microseconds(o.Call))
		if answer := o.Output.(reply); answer.end == known {
			line += fmt.Sprintf("to %v, %s: %s", microseconds(o.Return), did, describePair(answer.seen, names))
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

func describePair(p pair, names [2]string) string {
	var parts []string
	for i, v := range p {
		if v != "" {
			parts = append(parts, names[i]+"="+v)
		}
	}
	return strings.Join(parts, " ")
}

// together calls do n times at once, with a common start.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	all.Wait()
}
