package servertest

import (
	"encoding/json"
	"maps"
)

// A probe is a value that any user may have, of an attribute that is no loss to a test
// user.
type probe struct {
	name  string
	value any
}

// probes are what a run sets if it can learn of the user by no other means.
func (s *session) probes() []probe {
	var all []probe
	for _, p := range []probe{{"zoneInfo", "Europe/Berlin"}, {"locale", "de-DE"}, {"gender", "female"}} {
		if !s.managed("/" + p.name) {
			all = append(all, p)
		}
	}
	return all
}

// meetByOther looks for a patch whose answer shows the record, after the server did not
// answer one without attributes so: first by patches that set nothing.
func (s *session) meetByOther(empty *answer) error {
	for _, way := range []struct {
		what string
		data object
	}{
		{"without the member attributes", object{}},
		{"of " + unknownName + ", which nobody knows", object{"attributes": object{unknownName: nil}}},
	} {
		way.data["type"], way.data["id"] = "User", s.target.User.String()
		t := s.newTrial()
		if r, err := s.shown(t, t.documentOf(s.target.User, object{"data": way.data})); err == nil && len(s.echoes(r)) > 0 {
			s.notef("A patch with empty attributes is answered with %d and no record: the user was read by a patch %s.", empty.status, way.what)
			return s.meetByRecord(r)
		}
	}
	return s.meetBlind(empty)
}

// meetByRecord lets the run read by patches of what the record shows.
func (s *session) meetByRecord(r *record) error {
	attributes := maps.Clone(r.attributes)
	delete(attributes, unknownName)
	text, err := json.Marshal(attributes)
	if err != nil {
		return err
	}
	r = &record{data: r.data, attributes: attributes, state: r.state}
	s.target.Record, s.original, s.current = text, r, r
	return s.meetByEcho(r, true)
}

// meetBlind sets an attribute without knowing what it was: the last means.
func (s *session) meetBlind(empty *answer) error {
	if empty.status >= 500 {
		return statusError(empty.status)
	}
	refused := statusError(empty.status)
	for _, p := range s.probes() {
		t := s.newTrial()
		a, err := s.exchange(t, t.patchOf(s.target.User, object{p.name: p.value}))
		if err != nil {
			return err
		}
		if a.refused() && !refusesForm(a.status) {
			refused = statusError(a.status)
			continue
		}
		if a.status/100 != 3 && !a.refused() {
			s.overwritten = append(s.overwritten, "/"+p.name)
		}
		if a.status >= 500 {
			return statusError(a.status)
		}
		if err := s.judge(t, a); err != nil {
			return err
		}
		r, err := a.shownRecord()
		if err != nil {
			return err
		}
		if len(s.echoes(r)) > 1 {
			return s.meetByRecord(r)
		}
		s.original, s.current = r, r
		return s.meetEmptyUser()
	}
	return refused
}

// meetEmptyUser sets one attribute after another of a user who seems to have none, and
// expects to see them together.
func (s *session) meetEmptyUser() error {
	set := object{}
	for _, p := range s.probes() {
		t := s.newTrial()
		a, err := s.exchange(t, t.patchOf(s.target.User, object{p.name: p.value}))
		if err != nil || a.status/100 != 2 {
			return nil // the checks will say that there is nothing to write
		}
		set[p.name] = p.value
		if err := s.judge(t, a); err != nil {
			s.overwritten = append(s.overwritten, "/"+p.name)
			return err
		}
		r, err := a.shownRecord()
		if err != nil {
			return err
		}
		for name := range set {
			if _, has := lookup(r.attributes, "/"+name); !has {
				return s.judgeMissing(t, a, r, name, p.name)
			}
		}
		s.current = r
	}
	return nil
}
