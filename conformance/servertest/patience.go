package servertest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// A server that keeps the run waiting ends it.
const (
	maxTimeouts = 3               // in a row
	allTimeouts = 10              // in a run: a correct server may be slow with a few odd requests
	maxBusy     = 2 * time.Minute // of answers that say 429, and no other; most limits are by the minute
)

// A patience is what the server has used up of the run's. Any answer restores it, but
// a 429 only as far as it is an answer. Several goroutines may use it.
type patience struct {
	mu       sync.Mutex
	timeouts int       // in a row
	first    string    // the request of the first of them
	total    int       // of timeouts
	busy     time.Time // when the first of the 429s in a row came; zero if there was none
}

// stop ends the run before its time. The checks that have not ended by then have not
// run, and the reason is the obstacle of the report. The first reason counts.
func (s *session) stop(reason string) { s.end(suite.Stop(cut(reason, maxText))) }

// unanswered ends the run if the server hangs.
func (s *session) unanswered(t *trial, m *message, sent int, err error) {
	if !isTimeout(err) {
		return
	}
	which, many := s.patience.timedOut(t.nameOf(m), sent)
	if many == "" {
		return
	}
	text := fmt.Sprintf("the server did not answer %s, each within %v; %s", many, suite.Timeout(&s.opts), which)
	s.mu.Lock()
	sound := s.health.sound
	s.mu.Unlock()
	if sound != "" {
		text += "; the last that succeeded before it was: " + sound
	}
	s.stop(text)
}

// waitFor waits after a 429, or ends the run if the server answers nothing else.
func (s *session) waitFor(t *trial, m *message, d time.Duration) error {
	if !s.patience.waits(d) {
		s.stop(fmt.Sprintf("the server answered every request with 429 and wants %v more, the last to %s: give it time (Options.Rate)", d, t.nameOf(m)))
	}
	return s.sleep(d)
}

// sent returns how many timeouts there were when a request was sent.
func (p *patience) sent() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.timeouts
}

// timedOut notes that the request timed out. After the last timeout that is tolerated
// it says which request was the first of a row, or the last, and how many there were. Of
// requests that were under way at the same time, one counts.
func (p *patience) timedOut(request string, sent int) (which, many string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timeouts == 0 {
		p.first = request
	}
	if n := min(p.timeouts, sent) + 1; n > p.timeouts {
		p.timeouts = n
		p.total++
	}
	switch {
	case p.timeouts >= maxTimeouts:
		return "the first was: " + p.first, fmt.Sprintf("%d requests in a row", maxTimeouts)
	case p.total >= allTimeouts:
		return "the last was: " + request, fmt.Sprintf("%d requests of the run", allTimeouts)
	}
	return "", ""
}

// answered notes that an answer came.
func (p *patience) answered(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timeouts = 0
	switch {
	case status != http.StatusTooManyRequests:
		p.busy = time.Time{}
	case p.busy.IsZero():
		p.busy = time.Now()
	}
}

// waits reports whether the run has the patience to wait so long for a server that
// answers 429.
func (p *patience) waits(d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.busy.IsZero() || time.Since(p.busy)+d <= maxBusy
}

// isTimeout reports whether the error is that no answer came in time.
func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}

// retryAfter returns how long to wait after a 429: what it asks for, and at least
// 100 ms, twice as long with each try.
func retryAfter(a *answer, try int) time.Duration {
	return max(asked(a.header.Get("Retry-After")), 100*time.Millisecond<<min(try, 10))
}

// asked returns the duration that a Retry-After (RFC 9110, section 10.2.3) asks for.
func asked(text string) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return time.Until(date).Round(time.Second)
	}
	return 0
}

// nameOf says which request of the trial the message was.
func (t *trial) nameOf(m *message) string {
	return fmt.Sprintf("%s %s (%s)", m.method, m.url, t.Requirement.ID)
}
