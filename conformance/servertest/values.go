package servertest

import (
	"fmt"
	"slices"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// choices are values of scalars with a format that every server can be expected to
// take.
var choices = map[string][]any{
	"/gender":          {"male", "female"},
	"/locale":          {"de-DE", "en-GB", "fr-FR"},
	"/zoneInfo":        {"Europe/Berlin", "Europe/London", "America/New_York"},
	"/address/country": {"DE", "FR", "NL"},
	"/phoneNumber":     {"+1 (425) 555-1212", "+1 (425) 555-1213", "+49 721 5550100"},
}

// fresh returns a new value for the scalar, one that it does not have. Checks that run
// together get the same one.
func (t *trial) fresh(pointer string) any {
	if t.quick != nil && t.quick.memo != nil {
		t = newTrial(t.session, conformance.Requirement{ID: pointer})
	}
	for {
		v := t.valueOf(pointer)
		if normal(pointer, v) != t.stateNow()[pointer] {
			return v
		}
	}
}

func (t *trial) valueOf(pointer string) any {
	if list := choices[pointer]; list != nil {
		return list[t.intN(len(list))]
	}
	switch pointer {
	case "/email":
		return t.word() + "@example.com"
	case "/pictureUrl":
		return "https://example.com/img/" + t.word()
	case "/birthDate":
		return t.date(time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, t.intN(365*29)))
	case "/address/houseNo":
		return t.digits(pointer, 1+t.intN(998))
	case "/address/postalCode":
		return t.digits(pointer, 10000+t.intN(89999))
	}
	return t.word()
}

// digits returns the number in the form that the server takes.
func (t *trial) digits(pointer string, n int) any {
	if t.learned.numbers[pointer] {
		return n
	}
	return fmt.Sprint(n)
}

// date returns the day in the form that the server takes.
func (t *trial) date(day time.Time) string {
	if t.learned.dateTime {
		return day.Format("2006-01-02T15:04:05.000Z")
	}
	return day.Format(time.DateOnly)
}

// word returns a capitalised random word of eight letters: nothing needs to escape it,
// and it is unlikely to occur elsewhere.
func (t *trial) word() string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	word := make([]byte, 8)
	for i := range word {
		word[i] = letters[t.intN(len(letters))]
	}
	word[0] -= 'a' - 'A'
	return string(word)
}

func (t *trial) intN(n int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rand.IntN(n)
}

// stateNow returns the state of the user that an answer showed last.
func (s *session) stateNow() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.state
}

func (s *session) managed(pointer string) bool {
	return slices.Contains(s.target.Managed, attributeOf(pointer))
}

// notWritable returns why the scalar may not be written, or "". A scalar that has no
// value before the run may be written only if it can be cleared again.
func (s *session) notWritable(pointer string) string {
	name := attributeOf(pointer)
	_, had := s.original.state[pointer]
	member, inAddress := memberOf(pointer)
	hadAddress := s.original.attributes["address"] != nil
	switch {
	case s.managed(pointer):
		return name + " is managed (Target.Managed)"
	case had:
		return ""
	case inAddress && hadAddress && s.learned.address == addressModeMerged && !s.learned.memberClears:
		return "the user's address has no " + member + " and null was not seen to clear a member"
	case inAddress && hadAddress, s.learned.nullClears:
		return ""
	}
	return "the user has no " + name + " and null was not seen to clear an attribute"
}
