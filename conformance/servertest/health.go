package servertest

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// A health is what the run has seen of the server apart from requirements: answers that
// say more about its state than about the request.
type health struct {
	sound   string // the last request that had a sound answer
	suspect string // the first one after it that had none, and what came

	repeated int      // requests that were answered otherwise when they were sent again
	repeats  []string // the first of them
}

const (
	repeatPause = 50 * time.Millisecond // before a request is repeated, doubled each time
	maxRepeats  = 5                     // that are shown
)

// deliver sends the message for the trial. A failure of the server, or of a gateway
// before it, may be chance, and so the message is sent once more, and twice if it reads.
func (s *session) deliver(t *trial, m *message) (*answer, error) {
	a, err := s.patiently(t, m)
	for try := 1; s.ails(m, a, err) && t.repeats(m, try, err) && s.sleep(repeatPause<<try) == nil; try++ {
		came := outcome(a, err)
		if a, err = s.patiently(t, m); !s.ails(m, a, err) {
			s.repeated(t.nameOf(m) + ": " + came)
		}
	}
	s.watch(t, m, a, err)
	if err != nil {
		return nil, err
	}
	a = s.cured(a)
	s.see(t, m, a)
	return a, nil
}

// ails reports whether the outcome may tell of the server's health.
func (s *session) ails(m *message, a *answer, err error) bool {
	return err != nil || a.status >= 500 && (m.url != s.target.userURL(s.target.FailingUser) || !needFailing.given(&s.target))
}

// repeats reports whether a message of the trial may be sent once more. Among concurrent
// patches that would be a patch of its own; after a timeout the first may still be under
// way.
func (t *trial) repeats(m *message, try int, err error) bool {
	return !isTimeout(err) && (m.reads && try <= 2 || !t.concurrent() && try == 1)
}

func (t *trial) concurrent() bool { return strings.HasPrefix(t.Requirement.ID, "concurrency.") }

// watch remembers whether the server is sound.
func (s *session) watch(t *trial, m *message, a *answer, err error) {
	what, sick := t.nameOf(m), s.ails(m, a, err)
	s.mu.Lock()
	switch h := &s.health; {
	case !sick:
		h.sound, h.suspect = what+": "+outcome(a, nil), ""
	case h.suspect == "":
		h.suspect = what + ": " + outcome(a, err)
	}
	s.mu.Unlock()
	if sick {
		t.doubt()
	}
}

// doubt notes that what the trial sees may not be the fault of what it tries.
func (t *trial) doubt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.doubtful = true
}

func outcome(a *answer, err error) string {
	if err != nil {
		return cut("no answer: "+err.Error(), maxText/4)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)))
}

func (s *session) repeated(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.health.repeated++; len(s.health.repeats) < maxRepeats {
		s.health.repeats = append(s.health.repeats, what)
	}
}

// notef adds a sentence to the notes of the report.
func (s *session) notef(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, s.hide.text(fmt.Sprintf(format, args...)))
}

// A condition is how the server is after a check that failed in doubt.
type condition int

const (
	gone   condition = iota // it does not answer any more
	well                    // it answers, and did all the time
	healed                  // it answers again, after some time or after the record was sent
)

// recovered looks whether the user can be read. If not, it waits, and sends the record
// that the user had before the run: what the server stored last may be what it cannot
// read. A server that stays unreadable ends the run.
func (s *session) recovered() condition {
	h := s.health
	err := s.readable()
	if err == nil {
		return well
	}
	for _, pause := range []time.Duration{0, 500 * time.Millisecond, 2 * time.Second} {
		if s.sleep(pause) != nil {
			return gone
		}
		if !unreachable(err) {
			s.putBackUnread()
		}
		if err = s.readable(); err == nil {
			s.notef("The user could not be read from this request on: %s. It could be read again after the record was sent.", h.suspect)
			return healed
		}
	}
	s.stop(s.farewell(h, err))
	return gone
}

func (s *session) readable() error {
	_, err := s.readRecord(s.newTrial(), s.target.User)
	return err
}

// unreachable reports whether there was no answer at all.
func unreachable(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) || isTimeout(err)
}

// farewell says when the server went.
func (s *session) farewell(h health, err error) string {
	text := fmt.Sprintf("the server does not answer any more as it did (%v)", err)
	if h.suspect != "" {
		text += ", since this request: " + h.suspect
	}
	if h.sound != "" {
		text += "; the one before it was: " + h.sound
	}
	return s.hide.text(text)
}

// repeatNotes says which requests were sent twice and answered otherwise.
func (s *session) repeatNotes() []string {
	n, shown := s.health.repeated, s.health.repeats
	if n == 0 {
		return nil
	}
	text := fmt.Sprintf("%d requests were answered otherwise when they were sent again: %s", n, strings.Join(shown, "; "))
	if n > len(shown) {
		text += "; ..."
	}
	return []string{s.hide.text(text + ".")}
}
