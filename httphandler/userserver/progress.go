package main

import (
	"fmt"
	"io"
	"time"
)

// progressInterval is the shortest time between two updates.
const progressInterval = 200 * time.Millisecond

// A progress prints how many users are done: on a terminal in a line that it updates,
// and at the end always in a separate line.
type progress struct {
	w           io.Writer
	verb        string // such as "imported"
	live        bool
	begin, last time.Time
}

func newProgress(w io.Writer, verb string) *progress {
	now := time.Now()
	return &progress{w: w, verb: verb, live: isTerminal(w), begin: now, last: now}
}

// update prints that n users are done.
func (p *progress) update(n int) {
	now := time.Now()
	if !p.live || now.Sub(p.last) < progressInterval {
		return
	}
	p.last = now
	fmt.Fprintf(p.w, "\r%s %s, %.0f a second\x1b[K", p.verb, count(n), float64(n)/now.Sub(p.begin).Seconds())
}

// end prints that n users were done, followed by more.
func (p *progress) end(n int, more string) {
	if p.live {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	fmt.Fprintf(p.w, "%s %s%s in %.1f s\n", p.verb, count(n), more, time.Since(p.begin).Seconds())
}

func count(n int) string {
	if n == 1 {
		return "1 user"
	}
	return fmt.Sprintf("%d users", n)
}
