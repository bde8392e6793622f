// Package concurrent runs things at the same time, round after round.
package concurrent

import (
	"iter"
	"sync"
	"sync/atomic"
	"time"
)

// Together calls do n times at once, with a common start, and returns when all
// calls have.
func Together(n int, do func(i int)) {
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

// Bounded calls do n times, in the order of the numbers, at most so many at the same
// time, and returns when all calls have.
func Bounded(n, most int, do func(i int)) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range min(n, most) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	all.Wait()
}

// Rounds counts from 0 up to, and without, most. It ends earlier once the limit has
// passed, but not before it has counted least rounds.
func Rounds(least, most int, limit time.Duration) iter.Seq[int] {
	return func(yield func(int) bool) {
		end := time.Now().Add(limit)
		for i := range most {
			if i >= least && time.Now().After(end) || !yield(i) {
				return
			}
		}
	}
}
