package httphandler

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/userrecord/userrecord/userstore"
)

// appendUser appends the response document: every attribute, in the order of the
// page. JSON:API caches lay an answer over what they hold, so that an attribute
// left out would keep its old value there: one without a value is null. The error
// is a *recordError: the record is not canonical, or not UTF-8.
func appendUser(dst []byte, user *userstore.User) ([]byte, error) {
	id, _ := user.ID.MarshalText() // it never fails
	e := encoder{buf: append(dst, `{"data":{"type":"User","id":"`...)}
	e.buf = append(e.buf, id...)
	e.buf = append(e.buf, `","attributes":{`...)
	a := &user.Attributes
	e.text(`"firstName":`, a.FirstName)
	e.text(`"lastName":`, a.LastName)
	e.text(`"email":`, a.Email)
	e.text(`"phoneNumber":`, a.PhoneNumber)
	e.text(`"pictureUrl":`, a.PictureURL)
	e.text(`"gender":`, a.Gender)
	e.time(`"createdAt":`, user.CreatedAt)
	e.text(`"birthDate":`, a.BirthDate)
	e.address(`"address":`, &a.Address)
	e.text(`"locale":`, a.Locale)
	e.text(`"zoneInfo":`, a.ZoneInfo)
	e.closeObject()
	e.buf = append(e.buf[:len(e.buf)-1], "}}\n"...)
	return e.buf, e.err
}

// appendErrors appends the error document.
func appendErrors(dst []byte, id string, r *refusal) []byte {
	e := encoder{buf: append(dst, `{"errors":[`...)}
	title := titles[r.status]
	for _, f := range r.faults {
		e.buf = append(e.buf, '{')
		e.member(`"id":`, id)
		e.buf = append(e.buf, `"status":"`...)
		e.buf = strconv.AppendInt(e.buf, int64(r.status), 10)
		e.buf = append(e.buf, `",`...)
		e.member(`"code":`, f.code)
		e.member(`"title":`, title)
		e.member(`"detail":`, f.detail)
		if f.source.kind != "" {
			e.buf = append(e.buf, `"source":{"`...)
			e.buf = append(e.buf, f.source.kind...)
			e.member(`":`, f.source.name)
			e.closeObject()
		}
		e.closeObject()
	}
	return append(e.buf[:len(e.buf)-1], "]}\n"...)
}

// An encoder appends the members of JSON objects, each with a comma behind it.
// A name is given as it is written, with its colon. err is the first error.
type encoder struct {
	buf []byte
	err error
}

// wrong sets the error of a record that has such a member.
func (e *encoder) wrong(name, reason string) {
	if e.err == nil {
		e.err = &recordError{name, reason}
	}
}

// closeObject puts the end of the object in the place of the last comma.
func (e *encoder) closeObject() {
	if last := len(e.buf) - 1; e.buf[last] == ',' {
		e.buf = e.buf[:last]
	}
	e.buf = append(e.buf, "},"...)
}

func (e *encoder) member(name, value string) {
	buf := append(e.buf, name...)
	if standsForItself(value) {
		buf = append(append(append(buf, '"'), value...), '"')
	} else {
		var err error
		if buf, err = jsontext.AppendQuote(buf, value); err != nil {
			e.wrong(name, "is not UTF-8")
		}
	}
	e.buf = append(buf, ',')
}

// standsForItself reports whether s is its own JSON, but for the quotes.
func standsForItself(s string) bool {
	for i := range len(s) {
		if !plain[s[i]] {
			return needsNoEscape(s[i:])
		}
	}
	return true
}

func needsNoEscape(s string) bool {
	for i := range len(s) {
		if s[i] < utf8.RuneSelf && !plain[s[i]] {
			return false
		}
	}
	return utf8.ValidString(s)
}

func (e *encoder) text(name string, o userstore.Optional[string]) {
	if s, ok := o.Get(); ok {
		e.member(name, s)
		return
	}
	e.none(name, o.IsNull())
}

// none writes a member without a value, which must be omitted in a record.
func (e *encoder) none(name string, null bool) {
	if null {
		e.wrong(name, "is null instead of omitted")
	}
	e.buf = append(append(e.buf, name...), "null,"...)
}

func (e *encoder) textOrInt(name string, o userstore.Optional[userstore.TextOrInt]) {
	v, ok := o.Get()
	switch {
	case !ok:
		e.none(name, o.IsNull())
	case v.IsInt():
		e.integer(name, v.Text())
	default:
		e.member(name, v.Text())
	}
}

func (e *encoder) integer(name, literal string) {
	if _, err := userstore.ParseInt(literal); err != nil {
		e.wrong(name, "is an integer out of range")
	}
	e.buf = append(append(append(e.buf, name...), literal...), ',')
}

func (e *encoder) time(name string, t time.Time) {
	e.buf = append(e.buf, name...)
	e.buf = append(e.buf, '"')
	e.buf = t.UTC().AppendFormat(e.buf, time.RFC3339Nano)
	e.buf = append(e.buf, `",`...)
}

func (e *encoder) address(name string, o *userstore.Optional[userstore.Address]) {
	a, ok := o.Get()
	if !ok {
		e.none(name, o.IsNull())
		return
	}
	if a == (userstore.Address{}) {
		e.wrong(name, "has no members")
	}
	e.buf = append(append(e.buf, name...), '{')
	e.text(`"country":`, a.Country)
	e.text(`"locality":`, a.Locality)
	e.text(`"street":`, a.Street)
	e.textOrInt(`"houseNo":`, a.HouseNo)
	e.text(`"additionalAddressLink":`, a.AdditionalAddressLink)
	e.text(`"region":`, a.Region)
	e.textOrInt(`"postalCode":`, a.PostalCode)
	e.closeObject()
}
