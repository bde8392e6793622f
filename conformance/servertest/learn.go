package servertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// setup marks the requests that belong to no requirement: those that read, learn and
// restore.
var setup = conformance.Requirement{ID: "setup"}

// begin meets the user, reads the other one, and learns about the server what the checks
// need to know.
func (s *session) begin() error {
	err := s.meet()
	if s.original != nil {
		s.hide.add(s.original)
	}
	switch {
	case errors.Is(err, errBlocked):
		return err
	case err != nil:
		return fmt.Errorf("cannot read the user: %w%s", err, s.hint(err))
	}
	t := s.newTrial()
	if needOther.given(&s.target) {
		if other, err := s.readRecord(t, s.target.OtherUser); err == nil {
			s.other = other
			s.hide.add(other)
		}
	}
	return s.learnSurely()
}

// learnSurely learns in the quick way, or carefully where that does not look right; and
// once more if the server was not well.
func (s *session) learnSurely() error {
	s.belief.record = s.original
	q := newQuickTrial(s, setup, &quick{})
	if o := suite.Ended(func() { q.begin(); s.learn(q); q.look() }); o.Status == conformance.Passed && !q.doubtful {
		return s.ctx.Err()
	}
	s.learned, s.belief = learned{}, belief{}
	s.putAllBack()
	t := s.newTrial()
	if err := s.learn(t); err != nil || !t.doubtful {
		return err
	}
	s.recovered()
	return s.learn(s.newTrial())
}

// hint says what may help if the user cannot be read.
func (s *session) hint(err error) string {
	var status statusError
	switch errors.As(err, &status); {
	case status == http.StatusUnauthorized:
		return ": the server does not take the token (Target.Token)"
	case status == http.StatusForbidden:
		return ": the token may not write this user (Target.Token, Target.User)"
	case status == http.StatusNotFound:
		return ": there is no such user under this URL, to which /users/{userId} is appended (Target.URL, Target.User)"
	case status/100 == 4 && s.target.ReadByGet:
		return ": the server has no GET of a user: leave out Target.ReadByGet"
	case status/100 == 4 && s.target.Record != nil:
		return ": the server does not take an attribute of the record that was given (Target.Record)"
	case status/100 == 4:
		return ": the server refuses a patch without attributes, and those that were tried: give the user's record (Target.Record) or read with GET (Target.ReadByGet)"
	}
	return ""
}

// learn finds out, by patches that it takes back, whether null clears attributes and
// how the server patches the address. The server may refuse these patches.
func (s *session) learn(t *trial) error {
	for _, p := range []string{"/lastName", "/firstName", "/gender", "/locale", "/zoneInfo", "/phoneNumber", "/pictureUrl", "/birthDate"} {
		if v, ok := lookup(s.original.attributes, p); ok && !s.managed(p) {
			s.learned.nullClears = s.clears(t, p, object{p[1:]: nil})
			s.learned.dateTime = s.wantsDateTime()
			s.try(t, object{p[1:]: v})
			break
		}
	}
	s.learnAddress(t)
	s.learnNumbers(t)
	return s.ctx.Err()
}

// learnNumbers finds out whether the server wants as numbers the house number and the
// postal code that it shows as numbers.
func (s *session) learnNumbers(t *trial) {
	s.learned.numbers = map[string]bool{}
	t.mayOverwrite()
	for _, p := range []string{"/address/houseNo", "/address/postalCode"} {
		v, _ := lookup(s.original.attributes, p)
		number, ok := v.(json.Number)
		if !ok || s.managed(p) {
			continue
		}
		asText := s.try(t, t.setting(map[string]any{p: number.String()}))
		asNumber := s.try(t, t.setting(map[string]any{p: number}))
		s.learned.numbers[p] = asNumber && !asText
	}
}

// wantsDateTime guesses the form of dates from the one that the user has.
func (s *session) wantsDateTime() bool {
	v, _ := lookup(s.original.attributes, "/birthDate")
	text, _ := v.(string)
	return len(text) > len("2006-01-02")
}

// learnAddress finds out what a patch of one member does to the others.
func (s *session) learnAddress(t *trial) {
	if s.managed("/address/street") || s.original.attributes["address"] == nil && !s.learned.nullClears {
		return
	}
	whole, _ := s.original.attributes["address"].(object)
	if len(whole) < 2 {
		whole = object{"country": "DE", "locality": "Karlsruhe", "street": "Waldstrasse"}
		if !s.try(t, object{"address": whole}) {
			return
		}
	}
	member, value := anyMember(whole)
	before := s.stateNow()
	switch ok := s.try(t, object{"address": object{member: value}}); {
	case !ok:
		s.learned.address = addressModeComplete
	case maps.Equal(before, s.stateNow()):
		s.learned.memberClears = s.clears(t, "/address/"+member, object{"address": object{member: nil}})
		s.learned.address = addressModeMerged
	default:
		s.learned.address = addressModeReplaced
	}
	if s.original.attributes["address"] == nil {
		s.try(t, object{"address": nil})
		return
	}
	s.try(t, object{"address": s.original.attributes["address"]})
}

// anyMember returns a member that has a value, the street if possible.
func anyMember(address object) (string, any) {
	for _, name := range []string{"street", "locality", "region", "country"} {
		if v := address[name]; v != nil {
			return name, v
		}
	}
	for name, v := range maps.All(address) {
		if v != nil {
			return name, v
		}
	}
	return "street", "Waldstrasse"
}

// try patches the user and reports whether the server took it.
func (s *session) try(t *trial, attributes object) bool {
	a, err := s.exchange(t, t.patchOf(s.target.User, attributes))
	if err != nil || a.status != http.StatusOK {
		return false
	}
	if t.quick != nil {
		_, err = a.record()
		return err == nil
	}
	_, err = s.readRecord(t, s.target.User)
	return err == nil
}

// clears reports whether the server takes the patch, and the scalar has no value then.
func (s *session) clears(t *trial, pointer string, attributes object) bool {
	_, has := s.stateNow()[pointer]
	ok := s.try(t, attributes)
	_, still := s.stateNow()[pointer]
	return has && ok && !still
}
