package servertest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// A trial is one run of a check. Several goroutines may call its methods, but only the
// one that runs the check may call those that end the trial.
type trial struct {
	*session
	Requirement conformance.Requirement
	quick       *quick // nil in the careful way

	mu        sync.Mutex
	rand      *rand.Rand
	exchanges []exchanged // the last ones
	observed  []string
	topic     string
	doubtful  bool // what it saw may come of the server's health
}

// newTrial returns a careful trial. What it draws follows from the seed and the id, whatever
// else runs.
func newTrial(s *session, r conformance.Requirement) *trial {
	return &trial{session: s, Requirement: r, rand: suite.Rand(s.opts.Seed, r.ID)}
}

// newQuickTrial returns a quick trial. It draws other values than the careful one.
func newQuickTrial(s *session, r conformance.Requirement, q *quick) *trial {
	return &trial{session: s, Requirement: r, quick: q, rand: suite.Rand(s.opts.Seed, "quick "+r.ID)}
}

// A failure is one difference between what a check expected and what came.
type failure = conformance.Failure

// fail ends the trial with the failures.
func (t *trial) fail(failures ...failure) { suite.Failed(suite.At(t.topic, failures)...).End() }

// failf ends the trial: it expected something, and got what the format says.
func (t *trial) failf(expected, got string, args ...any) {
	t.fail(failure{Expected: expected, Got: say(got, args...)})
}

// same ends the trial if there are differences in the place.
func (t *trial) same(place string, differences []failure) {
	if len(differences) > 0 {
		t.fail(suite.At(place, differences)...)
	}
}

// about says what the check tries from now on: the beginning of Where in its failures.
func (t *trial) about(format string, args ...any) { t.topic = say(format, args...) }

// skipf ends the trial: the check cannot run, for the reason given.
func (t *trial) skipf(format string, args ...any) {
	suite.NotRun(fmt.Sprintf(format, args...)).End()
}

// holdsf ends the trial: what the requirement is about does not occur, for the reason given,
// and so it holds.
func (t *trial) holdsf(format string, args ...any) {
	t.observef(format, args...)
	suite.Outcome{Status: conformance.Passed}.End()
}

// observef notes a choice of the server, for the report.
func (t *trial) observef(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.observed = append(t.observed, say(format, args...))
}

// send sends the message and returns the answer. No answer fails the trial.
func (t *trial) send(m *message) *answer {
	a, err := t.exchange(t, m)
	if err != nil {
		t.failf("an answer to "+m.method, "none: %s", whyNoAnswer(err))
	}
	return a
}

// patch sends a well-formed patch of the user.
func (t *trial) patch(attributes object) *answer {
	return t.send(t.patchOf(t.target.User, attributes))
}

// accept sends the message, and fails unless the answer is 200 with a record.
func (t *trial) accept(m *message) *record {
	a := t.send(m)
	if a.status != http.StatusOK {
		t.failf("200", "%d", a.status)
	}
	return t.recordOf(a)
}

// mustPatch patches the user, and fails unless the answer is 200 with a record.
func (t *trial) mustPatch(attributes object) *record {
	return t.accept(t.patchOf(t.target.User, attributes))
}

// refuse sends the message, and fails unless the answer has one of the statuses (any
// 4xx if there are none) and the user is unchanged.
func (t *trial) refuse(m *message, statuses ...int) *answer {
	before := t.read()
	m.vain = true
	a := t.send(m)
	t.expectStatus(a, statuses...)
	t.expectState("after a refused request", before)
	return a
}

// expectStatus fails unless the answer has one of the statuses; without any, unless it
// has a 4xx.
func (t *trial) expectStatus(a *answer, statuses ...int) {
	if len(statuses) == 0 {
		if !a.refused() {
			t.failf("a refusal (4xx)", "%d", a.status)
		}
		return
	}
	var list []string
	for _, s := range statuses {
		if a.status == s {
			return
		}
		list = append(list, fmt.Sprint(s))
	}
	t.failf(strings.Join(list, " or "), "%d", a.status)
}

// expectState fails unless the user has the wanted state.
func (t *trial) expectState(when string, want state) {
	t.same(when, want.compare(t.read()))
}

// read returns the state of the user, and fails where it cannot be read.
func (t *trial) read() state { return t.readUser(t.target.User) }

func (t *trial) readUser(id uuid.UUID) state {
	if r := t.believed(); r != nil && id == t.target.User {
		return r.state
	}
	r, err := t.readRecord(t, id)
	if err != nil {
		t.failf("to read the user back", "%s", unread(err))
	}
	return r.state
}

// needWritable ends the trial unless the scalars may be written.
func (t *trial) needWritable(pointers ...string) {
	for _, p := range pointers {
		if reason := t.notWritable(p); reason != "" {
			t.skipf("%s", reason)
		}
	}
}

// anyWritable returns n writable scalars, free texts before others; in the quick way
// before others that can be overwritten at once.
func (t *trial) anyWritable(n int) []string { return t.seenFirst(t.allWritable(n))[:n] }

// firstWritable returns the first n writable scalars, free texts before others.
func (t *trial) firstWritable(n int) []string { return t.allWritable(n)[:n] }

func (t *trial) allWritable(atLeast int) []string {
	var found []string
	for _, p := range []string{"/lastName", "/firstName", "/address/street", "/address/locality", "/zoneInfo", "/locale", "/gender", "/birthDate"} {
		if t.notWritable(p) == "" {
			found = append(found, p)
		}
	}
	if len(found) < atLeast {
		t.skipf("needs %d attributes that may be written; give the user more attributes", atLeast)
	}
	return found
}

// setting returns the attributes object that sets the scalars. It repeats the other
// members of the address, unless the server is known to merge addresses.
func (t *trial) setting(values map[string]any) object {
	attributes := object{}
	for p, v := range values {
		member, inAddress := memberOf(p)
		if !inAddress {
			attributes[p[1:]] = v
			continue
		}
		address, ok := attributes["address"].(object)
		if !ok {
			address = object{}
			if t.learned.address != addressModeMerged {
				maps.Copy(address, t.currentAddress())
			}
			attributes["address"] = address
		}
		address[member] = v
	}
	return attributes
}
