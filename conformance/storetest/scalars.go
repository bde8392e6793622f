package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/userstore"
)

type textOrInt = userstore.Optional[userstore.TextOrInt]

// A scalar is one place of a record that holds a value. Its methods treat every value as
// a text or an integer. Exactly one of the functions attribute, member and either is
// set: it finds the place.
type scalar struct {
	pointer   string
	free      bool     // it has no format
	max       int      // code points
	plain     []string // two values that every Store should take
	attribute func(*userstore.Attributes) *userstore.Optional[string]
	member    func(*userstore.Address) *userstore.Optional[string]
	either    func(*userstore.Address) *textOrInt
}

var scalars = []scalar{
	{pointer: "/firstName", free: true, max: userstore.MaxText, plain: []string{"Ada", "Grace"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.FirstName }},
	{pointer: "/lastName", free: true, max: userstore.MaxText, plain: []string{"Lovelace", "Hopper"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.LastName }},
	{pointer: "/email", max: userstore.MaxEmail, plain: []string{"ada@example.com", "grace@example.org"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.Email }},
	{pointer: "/phoneNumber", max: userstore.MaxText, plain: []string{"+1 (425) 555-1212", "+49 721 5550100"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.PhoneNumber }},
	{pointer: "/pictureUrl", max: userstore.MaxPictureURL, plain: []string{"https://example.com/ada.png", "https://example.org/grace"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.PictureURL }},
	{pointer: "/gender", max: userstore.MaxText, plain: []string{"female", "male"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.Gender }},
	{pointer: "/birthDate", max: userstore.MaxText, plain: []string{"1997-07-21", "1906-12-09T00:00:00.000Z"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.BirthDate }},
	{pointer: "/address/country", max: userstore.MaxText, plain: []string{"DE", "FR"}, member: func(a *userstore.Address) *userstore.Optional[string] { return &a.Country }},
	{pointer: "/address/locality", free: true, max: userstore.MaxText, plain: []string{"Karlsruhe", "Paris"}, member: func(a *userstore.Address) *userstore.Optional[string] { return &a.Locality }},
	{pointer: "/address/street", free: true, max: userstore.MaxText, plain: []string{"Waldstrasse", "Rue Cler"}, member: func(a *userstore.Address) *userstore.Optional[string] { return &a.Street }},
	{pointer: "/address/houseNo", free: true, max: userstore.MaxText, plain: []string{"18a", "7"}, either: func(a *userstore.Address) *textOrInt { return &a.HouseNo }},
	{pointer: "/address/additionalAddressLink", free: true, max: userstore.MaxText, plain: []string{"3rd floor", "c/o Byron"}, member: func(a *userstore.Address) *userstore.Optional[string] { return &a.AdditionalAddressLink }},
	{pointer: "/address/region", free: true, max: userstore.MaxText, plain: []string{"BW", "IDF"}, member: func(a *userstore.Address) *userstore.Optional[string] { return &a.Region }},
	{pointer: "/address/postalCode", free: true, max: userstore.MaxText, plain: []string{"76131", "75007"}, either: func(a *userstore.Address) *textOrInt { return &a.PostalCode }},
	{pointer: "/locale", max: userstore.MaxText, plain: []string{"de-DE", "en-GB"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.Locale }},
	{pointer: "/zoneInfo", max: userstore.MaxText, plain: []string{"Europe/Berlin", "America/New_York"}, attribute: func(a *userstore.Attributes) *userstore.Optional[string] { return &a.ZoneInfo }},
}

// with returns the attributes with the scalar set to o: a value, null, or omitted.
func (s scalar) with(a userstore.Attributes, o textOrInt) userstore.Attributes {
	if s.attribute != nil {
		*s.attribute(&a) = asText(o)
		return a
	}
	in, _ := a.Address.Get()
	if s.member != nil {
		*s.member(&in) = asText(o)
	} else {
		*s.either(&in) = o
	}
	a.Address = userstore.Value(in)
	return a
}

// of returns what the scalar holds.
func (s scalar) of(a userstore.Attributes) textOrInt {
	in, _ := a.Address.Get()
	switch {
	case s.attribute != nil:
		return fromText(*s.attribute(&a))
	case s.member != nil:
		return fromText(*s.member(&in))
	}
	return *s.either(&in)
}

// to returns a patch that sets the scalar to a text.
func (s scalar) to(v string) userstore.Attributes {
	return s.with(userstore.Attributes{}, textValue(v))
}

// scalarAt returns the scalar at the pointer, which must be one.
func scalarAt(pointer string) scalar {
	return scalars[slices.IndexFunc(scalars, func(c scalar) bool { return c.pointer == pointer })]
}

// inAddress reports whether the scalar is a member of the address.
func (s scalar) inAddress() bool { return s.attribute == nil }

func textValue(s string) textOrInt { return userstore.Value(userstore.Text(s)) }

func intValue(n int64) textOrInt { return userstore.Value(userstore.Int(n)) }

func asText(o textOrInt) userstore.Optional[string] {
	switch v, ok := o.Get(); {
	case ok:
		return userstore.Value(v.Text())
	case o.IsNull():
		return userstore.Null[string]()
	}
	return userstore.Optional[string]{}
}

func fromText(o userstore.Optional[string]) textOrInt {
	switch v, ok := o.Get(); {
	case ok:
		return textValue(v)
	case o.IsNull():
		return userstore.Null[userstore.TextOrInt]()
	}
	return textOrInt{}
}

// plainAttributes returns attributes in which every scalar has its plain value n, 0 or 1.
func plainAttributes(n int) userstore.Attributes {
	var a userstore.Attributes
	for _, s := range scalars {
		a = s.with(a, textValue(s.plain[n]))
	}
	return a
}

// newUser returns a user with a random id, the same for the same seed.
func (t *trial) newUser(a userstore.Attributes) userstore.User {
	return userstore.User{ID: t.newID(), Attributes: userstore.Attributes{}.Merge(a), CreatedAt: time.Date(2021, 9, 1, 23, 12, 56, 789012000, time.UTC)}
}

func (t *trial) newID() uuid.UUID {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(t.rand.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4
	return id
}

// compare returns a failure for each scalar in which got differs from want. A null
// is as good as an absent scalar.
func compare(want, got userstore.Attributes) []conformance.Failure {
	if want == got {
		return nil
	}
	var differences []conformance.Failure
	for _, s := range scalars {
		w, g := s.of(want), s.of(got)
		if w != g && (hasValue(w) || hasValue(g)) {
			differences = append(differences, conformance.Failure{Where: s.pointer, Expected: showScalar(w), Got: showScalar(g)})
		}
	}
	return differences
}

func hasValue(o textOrInt) bool {
	_, ok := o.Get()
	return ok
}

// showAttributes returns attributes as JSON, for a report. They are never personal data:
// the suite made them.
func showAttributes(a userstore.Attributes) string {
	text, err := json.Marshal(a)
	if err != nil {
		return "(attributes that are no JSON)"
	}
	return shortened(string(text))
}

func showScalar(o textOrInt) string {
	v, ok := o.Get()
	switch {
	case o.IsNull():
		return "null"
	case !ok:
		return "absent"
	case v.IsInt():
		return "the integer " + v.Text()
	}
	return shortened(fmt.Sprintf("%q", v.Text()))
}

// shortened cuts texts that nobody would read to the end.
func shortened(s string) string {
	const most = 300
	if len(s) <= most {
		return s
	}
	return fmt.Sprintf("%.*s... (%d bytes)", most, s, len(s))
}
