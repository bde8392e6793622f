package linear

import (
	"math"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/google/go-cmp/cmp"
)

// call returns an operation; without an answer it is one that may have taken
// effect.
func call(client int, begin, end int64, patch Pair, answer ...Pair) porcupine.Operation {
	o := porcupine.Operation{ClientId: client, Call: begin * 1000, Return: end * 1000, Input: patch, Output: Reply{End: EndUnclear}}
	if len(answer) > 0 {
		o.Output = Reply{Seen: answer[0]}
	} else {
		o.Return = math.MaxInt64
	}
	return o
}

func TestCounterexample(t *testing.T) {
	start, read := Pair{"a", "x"}, Pair{}
	tests := []struct {
		name    string
		history []porcupine.Operation
		want    string
	}{
		{"nothing", nil, ""},
		{"one after the other", []porcupine.Operation{
			call(0, 1, 2, Pair{"b", ""}, Pair{"b", "x"}),
			call(1, 3, 4, Pair{"", "y"}, Pair{"b", "y"}),
			call(0, 5, 6, read, Pair{"b", "y"}),
		}, ""},
		{"at the same time, in either order", []porcupine.Operation{
			call(0, 1, 9, Pair{"b", ""}, Pair{"b", "y"}),
			call(1, 1, 9, Pair{"", "y"}, Pair{"a", "y"}),
		}, ""},
		{"seen, though nobody knows", []porcupine.Operation{
			call(0, 1, 0, Pair{"b", ""}),
			call(1, 3, 4, read, Pair{"a", "x"}),
			call(1, 5, 6, read, Pair{"b", "x"}),
		}, ""},
		{"a lost update", []porcupine.Operation{
			call(0, 1, 5, Pair{"b", ""}, Pair{"b", "x"}),
			call(1, 1, 5, Pair{"", "y"}, Pair{"a", "y"}),
			call(0, 6, 7, Pair{"c", ""}, Pair{"c", "y"}),
			call(1, 8, 9, read, Pair{"c", "y"}),
		}, "at first name=a street=x\n" +
			"client 0, from 1µs to 5µs, patches name=b: name=b street=x\n" +
			"client 1, from 1µs to 5µs, patches street=y: name=a street=y"},
		{"a stale read", []porcupine.Operation{
			call(0, 1, 2, read, start),
			call(0, 3, 4, Pair{"b", ""}, Pair{"b", "x"}),
			call(1, 5, 6, read, start),
			call(1, 7, 8, read, Pair{"b", "x"}),
		}, "at first name=a street=x\n" +
			"client 0, from 3µs to 4µs, patches name=b: name=b street=x\n" +
			"client 1, from 5µs to 6µs, reads: name=a street=x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := History(tt.history).Counterexample(start, [2]string{"name", "street"})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}
