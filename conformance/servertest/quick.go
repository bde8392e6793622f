package servertest

import (
	"net/http"
	"strings"

	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// The quick way runs a check with few reads. Until a read, it believes what the last
// answer showed. Each later answer shows the whole record, and with it what the
// requests before it left; before a scalar is overwritten that no answer has shown yet,
// the record is read. Whatever is not as a right server has it ends the trial, and the
// check is tried again carefully: only that counts.

// A belief is the record that the user should have.
type belief struct {
	record *record // nil: not known
	// unseen are the scalars that requests may have changed since an answer to
	// another request showed them.
	unseen map[string]bool
	// confirmed is called when an answer shows all that was unseen.
	confirmed func()
}

// A quick is the quick way of a trial.
type quick struct {
	memo *memo // of those that run together; nil for one that runs alone
	// overwrites is whether the trial may overwrite what no answer has shown.
	overwrites bool
	doubted    bool
}

// doubt ends a quick trial: something is not as it should be.
func (t *trial) doubt() {
	t.quick.doubted = true
	suite.Failed(failure{Got: "something else"}).End()
}

// believed returns the record that the user should have, if the trial is a quick one.
func (t *trial) believed() *record {
	if t.quick == nil {
		return nil
	}
	if t.belief.record == nil {
		t.look()
	}
	return t.belief.record
}

// look reads the user in a quick trial, which ends if the record is not as it should be.
func (t *trial) look() {
	if !t.session.look(t) {
		t.doubt()
	}
}

// look reads the user, and reports whether the record is as it should be.
func (s *session) look(t *trial) bool {
	r, err := s.readRecord(newTrial(s, t.Requirement), s.target.User)
	if err != nil {
		s.belief.record = nil
		return false
	}
	known := s.belief.record
	s.belief.record = r
	if known != nil && len(known.state.compare(r.state)) > 0 {
		s.belief.unseen = nil
		return false
	}
	s.belief.confirm()
	return true
}

func (b *belief) confirm() {
	b.unseen = nil
	if b.confirmed != nil {
		b.confirmed()
	}
}

// ask sends the message of a quick trial.
func (t *trial) ask(m *message) (*answer, error) {
	if t.quick.memo != nil {
		return t.quick.memo.ask(t, m)
	}
	touched := t.touched(m)
	if t.belief.record == nil || !m.vain && !t.quick.overwrites && t.isUnseen(touched...) {
		t.look()
	}
	a, err := t.deliver(t, m)
	if m.vain && err == nil && a.status/100 == 2 {
		t.doubt()
	}
	if err == nil {
		t.believe(m, a, touched)
	}
	return a, err
}

// isUnseen reports whether one of the scalars may have changed since an answer showed
// it.
func (t *trial) isUnseen(pointers ...string) bool {
	for _, p := range pointers {
		if t.belief.unseen[p] {
			return true
		}
	}
	return false
}

// believe takes the record of the answer for that of the user. What the message did not
// touch must be as it was.
func (t *trial) believe(m *message, a *answer, touched []string) {
	b := &t.belief
	r, err := a.record()
	switch {
	case a.status != http.StatusOK || err != nil || !strings.EqualFold(m.url, t.target.userURL(t.target.User)) && !t.isUser(r.data["id"]):
	case len(b.record.state.less(touched).compare(r.state.less(touched))) > 0:
		t.doubt()
	default:
		b.record = r
		b.confirm()
	}
	if b.unseen == nil {
		b.unseen = map[string]bool{}
	}
	for _, p := range touched {
		b.unseen[p] = true
	}
}

// touched returns the scalars that the message may change: those that it names, or all
// if it is no document.
func (t *trial) touched(m *message) []string {
	const long = 1 << 20
	all := append([]string{"/createdAt"}, pointers...)
	if len(m.body) > long {
		return all
	}
	doc, _ := parseObject(m.body)
	data, _ := doc["data"].(object)
	attributes, _ := data["attributes"].(object)
	if attributes == nil {
		return all
	}
	var found []string
	for _, p := range all {
		if t.names(attributes, p) {
			found = append(found, p)
		}
	}
	return found
}

// names reports whether a patch of the attributes may change the scalar.
func (t *trial) names(attributes object, pointer string) bool {
	v, found := attributes[attributeOf(pointer)]
	member, inAddress := memberOf(pointer)
	address, isObject := v.(object)
	if !found || !inAddress || !isObject || t.learned.address != addressModeMerged {
		return found
	}
	_, found = address[member]
	return found
}

// less returns the state less the scalars.
func (s state) less(pointers []string) state {
	rest := state{}
	for p, v := range s {
		rest[p] = v
	}
	for _, p := range pointers {
		delete(rest, p)
	}
	return rest
}
