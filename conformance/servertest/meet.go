package servertest

import (
	"errors"
	"fmt"
	"net/http"
)

// errBlocked ends the beginning of a run: a requirement has failed because of which no
// other check can run.
var errBlocked = errors.New("no other check can run")

// meet reads the user, and judges the first valid patch.
func (s *session) meet() error {
	switch {
	case s.target.Record != nil:
		attributes, err := parseObject(s.target.Record)
		if err != nil {
			return fmt.Errorf("the record that was given: %w", err)
		}
		s.current = &record{attributes: attributes, state: stateOf(attributes)}
		return s.meetByEcho(s.current, true)
	case s.target.ReadByGet:
		shown, err := s.get()
		if err != nil {
			return fmt.Errorf("GET: %w", err)
		}
		s.original, s.current = shown, shown
		return s.meetByEcho(shown, false)
	}
	return s.meetUnknown()
}

// meetUnknown meets a user of whom nothing is known. A GET, which changes nothing, goes
// first: it may show what the patch after it destroys.
func (s *session) meetUnknown() error {
	shown, _ := s.get()
	t := s.newTrial()
	a, err := s.exchange(t, t.patchOf(s.target.User, object{}))
	switch {
	case err != nil:
		return err
	case refusesForm(a.status), a.status == http.StatusNotFound && shown != nil:
		return s.judge(t, a)
	case deniesAll(a.status):
		return statusError(a.status)
	}
	if r, err := a.shownRecord(); err == nil {
		return s.meetByEmpty(t, a, r, shown)
	}
	if shown != nil {
		s.notef("A patch without attributes is answered with %d and no record: the run reads with GET.", a.status)
		s.target.ReadByGet = true
		s.original, s.current = shown, shown
		return s.meetByEcho(shown, false)
	}
	return s.meetByOther(a)
}

// refusesForm reports whether the status refuses a patch whatever it sets: the method, a
// media type, or the address.
func refusesForm(status int) bool {
	return status/100 == 3 || status == http.StatusMethodNotAllowed || refusedForm[status] != ""
}

// deniesAll reports whether the status may come from a wrong target, and not from a
// wrong server.
func deniesAll(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusNotFound
}

// meetByEmpty goes on after a patch without attributes was answered with the record.
func (s *session) meetByEmpty(t *trial, a *answer, r, shown *record) error {
	s.original, s.current = r, r
	if shown != nil {
		s.first.reread = s.get
		if lostAll(shown, r, "") {
			s.original = shown
			s.target.ReadByGet = true // another such patch could undo what puts the record back
			return s.judgeLoss(t, a, shown, "")
		}
	} else {
		s.first.reread = s.readByEmpty
	}
	if len(s.echoes(r)) == 0 {
		return s.meetEmptyUser()
	}
	if err := s.meetByEcho(r, false); err != nil || s.first.judged {
		return err
	}
	return s.judge(t, a)
}

// meetByEcho patches an attribute of the known record to the value that it has. If the
// run is to read by such patches, one must be taken; else a refusal is for the checks.
func (s *session) meetByEcho(known *record, reads bool) error {
	var refused error
	for _, name := range s.echoes(known) {
		t := s.newTrial()
		a, err := s.exchange(t, t.patchOf(s.target.User, object{name: known.attributes[name]}))
		switch {
		case err != nil && reads:
			return err
		case err != nil:
			return nil
		case a.status/100 == 2, refusesForm(a.status), a.status == http.StatusNotFound && !reads:
			return s.judgeEcho(t, a, known, name)
		case !reads:
			return nil
		}
		refused = statusError(a.status)
	}
	return refused
}

// echoes returns the attributes that a patch can repeat, those with a value if there are
// any.
func (s *session) echoes(r *record) []string {
	var names []string
	for _, p := range pointers {
		_, has := lookup(r.attributes, p)
		if _, inAddress := memberOf(p); has && !inAddress && !s.managed(p) && !s.refused[p[1:]] {
			names = append(names, p[1:])
		}
	}
	return names
}

// get reads the user with GET, whatever the target says.
func (s *session) get() (*record, error) {
	t := s.newTrial()
	m := t.bodyOf(s.target.User, nil)
	m.method = http.MethodGet
	m.header.Del("Content-Type")
	return s.shown(t, m)
}

func (s *session) readByEmpty() (*record, error) {
	t := s.newTrial()
	return s.shown(t, t.patchOf(s.target.User, object{}))
}

// shown sends the message and returns the record that the answer shows.
func (s *session) shown(t *trial, m *message) (*record, error) {
	a, err := s.exchange(t, m)
	if err != nil {
		return nil, err
	}
	return a.shownRecord()
}

// shownRecord returns the record in a 2xx, whatever else is wrong with the answer.
func (a *answer) shownRecord() (*record, error) {
	if a.status/100 != 2 {
		return nil, statusError(a.status)
	}
	treated, _ := a.treated(cures)
	return treated.record()
}

func (s *session) newTrial() *trial { return newTrial(s, setup) }
