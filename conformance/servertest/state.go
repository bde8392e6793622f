package servertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A state is a record in a form for comparison: the normal form of each scalar that has
// a value, by pointer, createdAt included. Choices of a server make no difference:
// absent or null, a number or its digits, a day or its midnight, an e-mail address in any
// case, a phone number with or without blanks and signs. Attributes that the page does not name are left out.
type state map[string]string

// compared are the pointers of all that is in a state.
var compared = append(slices.Clone(pointers), "/createdAt")

func stateOf(attributes object) state {
	s := make(state, len(compared))
	for _, p := range compared {
		if v, ok := lookup(attributes, p); ok {
			s[p] = normal(p, v)
		}
	}
	return s
}

// lookup returns the value at the pointer, unless it is absent or null.
func lookup(attributes object, pointer string) (any, bool) {
	in := attributes
	name := pointer[1:]
	if member, ok := memberOf(pointer); ok {
		in, _ = attributes["address"].(object)
		name = member
	}
	v := in[name]
	return v, v != nil
}

// normal returns the normal form of a value that is not null.
func normal(pointer string, v any) string {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil && isTextOrInt(pointer) {
			return strconv.FormatInt(n, 10)
		}
		if n, ok := rational(v.String()); ok && n.IsInt() && isTextOrInt(pointer) {
			return n.Num().String()
		}
	case int:
		return fmt.Sprint(v)
	case string:
		switch pointer {
		case "/birthDate":
			return day(v)
		case "/createdAt":
			return instant(v)
		case "/email":
			return strings.ToLower(v)
		case "/phoneNumber":
			return dialled(v)
		}
		return v
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was parsed, or is a value of a check
	}
	return string(text)
}

func isTextOrInt(pointer string) bool {
	return pointer == "/address/houseNo" || pointer == "/address/postalCode"
}

// midnights are the layouts of a birth date with a time, as databases and frameworks
// write them: with a zone or without one.
var midnights = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", time.DateTime}

// day shortens a midnight to its date: the one that is written, or else the one of the
// same instant in UTC. Other texts stay as they are.
func day(s string) string {
	if len(s) <= len(time.DateOnly) {
		return s // as most do
	}
	for _, layout := range midnights {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		for _, t := range []time.Time{t, t.UTC()} {
			if t.Format("15:04:05.999999999") == "00:00:00" {
				return t.Format(time.DateOnly)
			}
		}
	}
	return s
}

// dialled shortens a phone number to what one dials, since servers may store E.164.
func dialled(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()-./", r) {
			return -1
		}
		return r
	}, s)
}

func instant(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// with returns the state with one scalar set.
func (s state) with(pointer string, v any) state {
	s = maps.Clone(s)
	s[pointer] = normal(pointer, v)
	return s
}

// without returns the state less the scalars whose pointers begin with the prefix.
func (s state) without(prefix string) state {
	s = maps.Clone(s)
	maps.DeleteFunc(s, func(p, _ string) bool { return strings.HasPrefix(p, prefix) })
	return s
}

// compare returns a failure for each scalar in which got differs from s.
func (s state) compare(got state) []failure {
	var differences []failure
	for _, p := range compared {
		w, wanted := s[p]
		g, has := got[p]
		if w != g || wanted != has {
			differences = append(differences, failure{Where: p, Expected: s.describe(p), Got: got.describe(p)})
		}
	}
	return differences
}

func (s state) describe(pointer string) string {
	if v, ok := s[pointer]; ok {
		return show(v)
	}
	return noValue
}
