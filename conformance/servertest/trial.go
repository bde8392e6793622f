package servertest

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// A trial is one check being run. Its methods may be called by several
// goroutines, but those that end it only by the one that runs the check.
type trial struct {
	*session
	Requirement conformance.Requirement

	mu        sync.Mutex
	exchanges []conformance.Exchange
	observed  []string
	topic     string
}

// end ends the trial with that status: it panics with the outcome, which
// suite.Ended recovers.
func (t *trial) end(status conformance.Status, format string, args ...any) {
	suite.Outcome{Status: status, Reason: fmt.Sprintf(format, args...)}.End()
}

// failf says what was expected and what came, and ends the trial.
func (t *trial) failf(format string, args ...any) {
	t.end(conformance.Failed, "%s%s", t.topic, fmt.Sprintf(format, args...))
}

// about says what the check tries now, for the beginning of what failf says.
func (t *trial) about(format string, args ...any) { t.topic = fmt.Sprintf(format, args...) + ": " }

// skipf says why the check cannot run here, and ends the trial.
func (t *trial) skipf(format string, args ...any) { t.end(conformance.NotRun, format, args...) }

// observef notes a choice of the server.
func (t *trial) observef(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.observed = append(t.observed, fmt.Sprintf(format, args...))
}

// send sends the message and returns the answer. No answer fails the trial.
func (t *trial) send(m *message) *answer {
	a, err := t.exchange(t, m)
	if err != nil {
		t.failf("expected an answer to %s, got none: %v", m.method, err)
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
		t.failf("expected 200, got %d", a.status)
	}
	return t.recordOf(a)
}

// mustPatch patches the user, and fails unless the answer is 200 with a record.
func (t *trial) mustPatch(attributes object) *record {
	return t.accept(t.patchOf(t.target.User, attributes))
}

// refuse sends the message, and fails unless the answer is one of the statuses
// (any 4xx where none is given) and the user is unchanged.
func (t *trial) refuse(m *message, statuses ...int) *answer {
	before := t.read()
	a := t.send(m)
	t.expectStatus(a, statuses...)
	t.expectState("after a refused request", before)
	return a
}

// expectStatus fails unless the answer has one of the statuses; none stands for
// any 4xx.
func (t *trial) expectStatus(a *answer, statuses ...int) {
	if len(statuses) == 0 {
		if !a.refused() {
			t.failf("expected a refusal (4xx), got %d", a.status)
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
	t.failf("expected %s, got %d", strings.Join(list, " or "), a.status)
}

// expectState fails unless the user is as wanted.
func (t *trial) expectState(when string, want state) {
	if diff := want.diff(t.read()); diff != "" {
		t.failf("%s: %s", when, diff)
	}
}

// read returns the state of the user, and fails where it cannot be read.
func (t *trial) read() state { return t.readUser(t.target.User) }

func (t *trial) readUser(id uuid.UUID) state {
	r, err := t.readRecord(t, id)
	if err != nil {
		t.failf("expected to read the user back, got %v", err)
	}
	return r.state
}

// needWritable ends the trial where the scalar may not be written.
func (t *trial) needWritable(pointers ...string) {
	for _, p := range pointers {
		if reason := t.notWritable(p); reason != "" {
			t.skipf("%s", reason)
		}
	}
}

// anyWritable returns the first scalars, so many, that may be written and are
// free texts, or others where there are too few.
func (t *trial) anyWritable(n int) []string {
	var found []string
	for _, p := range []string{"/lastName", "/firstName", "/address/street", "/address/locality", "/zoneInfo", "/locale", "/gender", "/birthDate"} {
		if t.notWritable(p) == "" && len(found) < n {
			found = append(found, p)
		}
	}
	if len(found) < n {
		t.skipf("needs %d attributes that may be written; give the user more attributes", n)
	}
	return found
}

// setting returns the attributes object that sets scalars: the address whole,
// unless the server is known to merge it.
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
			if t.learned.address != addressMerged {
				maps.Copy(address, t.currentAddress())
			}
			attributes["address"] = address
		}
		address[member] = v
	}
	return attributes
}
