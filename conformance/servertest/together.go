package servertest

import (
	"fmt"
	"sync"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// A memo holds the short answers to what checks that run together sent. As none of it
// changes anything, the same request is sent only once.
type memo struct {
	mu    sync.Mutex
	calls map[string]*call
	busy  bool // an answer said that another request got in the way
}

// A call is a request that several checks may send.
type call struct {
	done   chan struct{}
	answer *answer
	err    error
}

// ask returns the answer to the message. A success ends the trial: the record may have
// changed.
func (m *memo) ask(t *trial, sent *message) (*answer, error) {
	c, known := m.call(sent)
	if known {
		<-c.done
		t.note(sent, c.answer, c.err)
	} else {
		c.answer, c.err = t.deliver(t, sent)
		close(c.done)
		m.forgetLong(c, sent)
	}
	if c.err == nil && lost(c.answer.status) {
		m.mu.Lock()
		m.busy = true
		m.mu.Unlock()
	}
	if c.err == nil && c.answer.status/100 == 2 {
		t.amiss()
	}
	return c.answer, c.err
}

// forgetLong forgets a call with a long answer: who asks again sends again.
func (m *memo) forgetLong(c *call, sent *message) {
	if c.err != nil || c.answer.isShort() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if key := sent.key(); m.calls[key] == c {
		delete(m.calls, key)
	}
}

// call returns the call of the message, and whether another check sends or has sent it.
func (m *memo) call(sent *message) (c *call, known bool) {
	c = &call{done: make(chan struct{})}
	if sent.repeated {
		return c, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if first, known := m.calls[sent.key()]; known {
		return first, true
	}
	m.calls[sent.key()] = c
	return c, false
}

// key is the same for messages that are the same.
func (m *message) key() string {
	return fmt.Sprint(m.chunked, " ") + m.head() + string(m.whole())
}

// atOnce is how many checks run at the same time.
const atOnce = 16

// together runs the checks at the same time, and then reads the user once. If the record
// is as it should be, those that passed have passed, and the others are run again
// carefully. If it is not, nobody knows which of them changed it.
func (r *runner) together(group []int) {
	if len(group) == 0 {
		return
	}
	if r.stale || suite.Ended(newQuickTrial(r.session, setup, &quick{}).begin).Status != conformance.Passed {
		r.carefully(group)
		return
	}
	passed := r.tryAll(group)
	if !r.unchanged() {
		r.apart(group, passed)
		return
	}
	for i, index := range group {
		if passed[i] != nil {
			r.accept(passed[i])
		} else {
			r.again(index)
		}
	}
}

// tryAll runs the checks at the same time, and returns the results of those that
// passed. A server that takes only one request at a time is given no more from then on.
func (r *runner) tryAll(group []int) []*attempted {
	shared := &memo{calls: map[string]*call{}}
	passed := make([]*attempted, len(group))
	failed := false
	concurrent.Bounded(len(group), min(r.atOnce, r.inTime()), func(i int) { passed[i] = r.quickly(group[i], &quick{memo: shared}) })
	for _, p := range passed {
		failed = failed || p == nil
	}
	if failed && shared.busy && r.atOnce > 1 {
		r.atOnce = 1
		return r.tryAll(group)
	}
	return passed
}

// inTime returns how many requests a server that takes one at a time answers in half of
// the time that each may take, and at least 1.
func (s *session) inTime() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(max(1, suite.Timeout(&s.opts)/(2*max(1, s.slowest))))
}

// carefully runs the checks one after the other.
func (r *runner) carefully(group []int) {
	r.look()
	for _, index := range group {
		r.again(index)
	}
}

// apart runs the checks again, of which one or more changed the record: those that did
// not pass carefully, and the others in smaller groups.
func (r *runner) apart(group []int, passed []*attempted) {
	var rest, bad []int
	for i, index := range group {
		if passed[i] != nil {
			rest = append(rest, index)
		} else {
			bad = append(bad, index)
		}
	}
	switch {
	case len(bad) > 0:
		r.together(rest)
		r.carefully(bad)
	case len(rest) == 1:
		r.carefully(rest)
	default:
		for _, smaller := range r.split(rest) {
			r.together(smaller)
		}
	}
}

// split returns the families of a group, or the two halves of a family.
func (r *runner) split(group []int) [][]int {
	var families [][]int
	for i, index := range group {
		if i == 0 || r.family(index) != r.family(group[i-1]) {
			families = append(families, nil)
		}
		families[len(families)-1] = append(families[len(families)-1], index)
	}
	if len(families) > 1 {
		return families
	}
	return [][]int{group[:len(group)/2], group[len(group)/2:]}
}
