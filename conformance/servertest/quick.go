package servertest

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// The quick way runs a check with few reads. Between reads, it believes what the last
// answer showed: each answer shows the whole record, and so what the requests before it
// left there. Before a request overwrites a scalar whose last change no later answer has
// shown, the record is read. As soon as anything is not what a correct server does, the
// trial ends, and the check is tried again carefully: only that run counts.

// A belief is the record that the user should have.
type belief struct {
	record *record // nil: not known
	// unseen are the scalars that requests may have changed since an answer to
	// another request showed them.
	unseen map[string]bool
	// wrong is whether an answer or a read showed another record.
	wrong bool
	// confirmed is called when an answer shows all that was unseen.
	confirmed func()
}

// reread returns the record that a read shows, in the quick way too.
func (t *trial) reread() *record {
	if t.quick != nil {
		t.look()
	}
	return t.readWhole()
}

// A quick is the quick way of a trial.
type quick struct {
	memo *memo // of those that run together; nil for one that runs alone
	// set are the scalars that the trial has touched, if it may overwrite what it set
	// itself before another answer has shown that; else nil.
	set   map[string]bool
	amiss bool
}

// times returns how often to try what the quick way tries once.
func (t *trial) times(n int) int {
	if t.quick != nil {
		return 1
	}
	return n
}

// some returns the variants, of which the quick way tries the first half.
func (t *trial) some(variants ...string) []string {
	if t.quick != nil {
		return variants[:(len(variants)+1)/2]
	}
	return variants
}

// amiss ends a quick trial: something is not as it should be.
func (t *trial) amiss() {
	t.quick.amiss = true
	suite.Failed(failure{Got: "something else"}).End()
}

// believed returns the record that the user should have, if the trial is a quick one.
func (t *trial) believed() *record {
	if t.quick == nil {
		return nil
	}
	t.begin()
	return t.belief.record
}

// begin reads the user if nothing is known of the record.
func (t *trial) begin() {
	if t.belief.record != nil {
		return
	}
	r, err := t.readRecord(newTrial(t.session, t.Requirement), t.target.User)
	if err != nil {
		t.amiss()
	}
	t.belief.record = r
}

// look reads the user in a quick trial, which ends if the record is not as it should be.
func (t *trial) look() {
	if !t.session.look(t) {
		t.amiss()
	}
}

// look reads the user, and reports whether the record is as it should be.
func (s *session) look(t *trial) bool {
	r, err := s.readRecord(newTrial(s, t.Requirement), s.target.User)
	if err != nil {
		s.belief.record, s.belief.wrong = nil, true
		return false
	}
	known := s.belief.record
	if known != nil && !known.same(r) {
		again, err := s.readRecord(newTrial(s, t.Requirement), s.target.User)
		s.stale = s.stale || err == nil && known.same(again)
	}
	s.belief.record = r
	if known == nil || !known.same(r) {
		s.belief.unseen, s.belief.wrong = nil, true
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

// exchange sends the message for the trial, in its way.
func (s *session) exchange(t *trial, m *message) (*answer, error) {
	if t.quick != nil {
		return t.ask(m)
	}
	return s.deliver(t, m)
}

// ask sends the message of a quick trial.
func (t *trial) ask(m *message) (*answer, error) {
	if t.quick.memo != nil {
		return t.quick.memo.ask(t, m)
	}
	touched := t.touched(m)
	t.begin()
	if !m.vain && t.isUnseen(t.quick.foreign(touched)...) {
		t.look()
	}
	a, err := t.deliver(t, m)
	if m.vain && err == nil && a.status/100 == 2 {
		t.amiss()
	}
	if err == nil {
		t.believe(m, a, touched)
	}
	return a, err
}

// foreign returns those of the scalars that the trial must not overwrite unseen. It notes
// that all of them are set.
func (q *quick) foreign(touched []string) []string {
	if q.set == nil {
		return touched
	}
	var foreign []string
	for _, p := range touched {
		if !q.set[p] {
			foreign = append(foreign, p)
		}
		q.set[p] = true
	}
	return foreign
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

// seenFirst returns the scalars in another order: in the quick way, those first that
// may be overwritten at once. After a failure the order stays, so that what is wrong
// with one scalar shows in the same checks as ever.
func (t *trial) seenFirst(pointers []string) []string {
	if t.quick == nil || t.quick.memo != nil || t.unsound {
		return pointers
	}
	var seen, rest []string
	for _, p := range pointers {
		if t.isUnseen(p) {
			rest = append(rest, p)
		} else {
			seen = append(seen, p)
		}
	}
	return append(seen, rest...)
}

// believe takes the record of the answer for that of the user. What the message did not
// touch must be as it was.
func (t *trial) believe(m *message, a *answer, touched []string) {
	b := &t.belief
	r, err := a.record()
	switch {
	case a.status != http.StatusOK || err != nil || !strings.EqualFold(m.url, t.target.userURL(t.target.User)) && !t.isUser(r.data["id"]):
	case !b.record.same(r, touched...):
		b.wrong = true
		t.amiss()
	default:
		b.record = r
		if !t.target.ReadByGet { // which may show another record than the answers do
			b.confirm()
		}
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
	if m.touches != nil {
		return m.touches
	}
	doc, err := parseObject(m.body)
	data, _ := doc["data"].(object)
	attributes, _ := data["attributes"].(object)
	if err != nil && len(m.body) > 0 {
		return append([]string{"/createdAt"}, pointers...)
	}
	var found []string
	for _, p := range pointers {
		if t.names(attributes, p) {
			found = append(found, p)
		}
	}
	for name := range attributes {
		if !isAttribute(name) {
			found = append(found, "/"+name)
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

// extras returns the names of attributes that the page does not have, less those of the
// pointers.
func (r *record) extras(less ...string) []string {
	var names []string
	for name, v := range r.attributes {
		if v != nil && name != "createdAt" && !isAttribute(name) && !slices.Contains(less, "/"+name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// same reports whether the records are the same, less the scalars.
func (r *record) same(other *record, less ...string) bool {
	a, b := maps.Clone(r.state), maps.Clone(other.state)
	for _, p := range less {
		delete(a, p)
		delete(b, p)
	}
	return maps.Equal(a, b) && slices.Equal(r.extras(less...), other.extras(less...))
}
