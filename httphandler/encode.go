package httphandler

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/userrecord/userrecord/internal/plain"
	"github.com/userrecord/userrecord/userstore"
)

// appendUser appends the response document. The error is that of appendResource.
func appendUser(dst []byte, user *userstore.User, known *userstore.Attributes) ([]byte, error) {
	dst, err := appendResource(append(dst, `{"data":`...), user, known)
	return append(dst, "}\n"...), err
}

// appendResource appends the resource object: every attribute, in the order of the
// page. An attribute without a value is null: JSON:API caches merge an answer into
// what they hold, so one that is left out would keep its old value there. The texts in
// known are known to be plain. The error is a *recordError: the record is not
// canonical, or not UTF-8.
func appendResource(dst []byte, user *userstore.User, known *userstore.Attributes) ([]byte, error) {
	id, _ := user.ID.MarshalText() // never fails
	e := encoder{buf: append(dst, `{"type":"User","id":"`...)}
	e.buf = append(e.buf, id...)
	e.buf = append(e.buf, `","attributes":{`...)
	a := &user.Attributes
	e.text(`"firstName":"`, &a.FirstName, &known.FirstName)
	e.text(`"lastName":"`, &a.LastName, &known.LastName)
	e.text(`"email":"`, &a.Email, &known.Email)
	e.text(`"phoneNumber":"`, &a.PhoneNumber, &known.PhoneNumber)
	e.text(`"pictureUrl":"`, &a.PictureURL, &known.PictureURL)
	e.text(`"gender":"`, &a.Gender, &known.Gender)
	e.time(`"createdAt":"`, user.CreatedAt)
	e.text(`"birthDate":"`, &a.BirthDate, &known.BirthDate)
	e.address(`"address":{`, &a.Address, &known.Address)
	e.text(`"locale":"`, &a.Locale, &known.Locale)
	e.text(`"zoneInfo":"`, &a.ZoneInfo, &known.ZoneInfo)
	e.closeObject()
	e.buf[len(e.buf)-1] = '}'
	return e.buf, e.err
}

// appendErrors appends the error document.
func appendErrors(dst []byte, id string, r *refusal) []byte {
	e := encoder{buf: append(dst, `{"errors":[`...)}
	title := titles[r.status]
	for _, f := range r.errors {
		e.buf = append(e.buf, '{')
		e.member(`"id":"`, id)
		e.buf = append(e.buf, `"status":"`...)
		e.buf = strconv.AppendInt(e.buf, int64(r.status), 10)
		e.buf = append(e.buf, `",`...)
		e.member(`"code":"`, f.code)
		e.member(`"title":"`, title)
		e.member(`"detail":"`, f.detail)
		if f.source.kind != "" {
			e.buf = append(e.buf, `"source":{"`...)
			e.buf = append(e.buf, f.source.kind...)
			e.member(`":"`, f.source.name)
			e.closeObject()
		}
		e.closeObject()
	}
	return append(e.buf[:len(e.buf)-1], "]}\n"...)
}

// An encoder appends the members of JSON objects, each followed by a comma. Names
// are passed as they are written before a text: quoted, with the colon and with the quote
// of the text, or the brace of an object. err is the first error.
type encoder struct {
	buf []byte
	err error
}

// fail sets the error about a member, unless there is one already.
func (e *encoder) fail(name, reason string) {
	if e.err == nil {
		e.err = &recordError{name, reason}
	}
}

// closeObject replaces the last comma with the end of the object.
func (e *encoder) closeObject() {
	if last := len(e.buf) - 1; e.buf[last] == ',' {
		e.buf = e.buf[:last]
	}
	e.buf = append(e.buf, "},"...)
}

func (e *encoder) member(name, value string) {
	if _, ok := plain.Runes(value); ok {
		e.plainMember(name, value)
		return
	}
	buf, err := jsontext.AppendQuote(append(e.buf, unopened(name)...), value)
	if err != nil {
		e.fail(name, "is not UTF-8")
	}
	e.buf = append(buf, ',')
}

// text writes a text, or null. A text that came back from the patch is known to be
// plain, and most others are plain ASCII.
func (e *encoder) text(name string, o, inPatch *userstore.Optional[string]) {
	s, ok := o.Get()
	known, _ := inPatch.Get()
	switch {
	case !ok:
		e.none(name, o.IsNull())
	case s == known, plain.ASCII(s) == len(s):
		e.plainMember(name, s)
	default:
		e.member(name, s)
	}
}

// none writes a member without a value as null. In a canonical record it is omitted,
// so null is an error.
func (e *encoder) none(name string, null bool) {
	if null {
		e.fail(name, "is null instead of omitted")
	}
	e.buf = append(append(e.buf, unopened(name)...), "null,"...)
}

// unopened returns a name without the quote or brace.
func unopened(name string) string { return name[:len(name)-1] }

func (e *encoder) plainMember(name, value string) {
	e.buf = append(append(append(e.buf, name...), value...), `",`...)
}

// textOrInt does what text does, or writes an integer.
func (e *encoder) textOrInt(name string, o, known *userstore.Optional[userstore.TextOrInt]) {
	v, ok := o.Get()
	plain, _ := known.Get()
	switch {
	case !ok:
		e.none(name, o.IsNull())
	case v.IsInt():
		e.integer(name, v.Text())
	case v == plain:
		e.plainMember(name, v.Text())
	default:
		e.member(name, v.Text())
	}
}

func (e *encoder) integer(name, literal string) {
	if _, err := userstore.ParseInt(literal); err != nil {
		e.fail(name, "is an integer out of range")
	}
	e.buf = append(append(append(e.buf, unopened(name)...), literal...), ',')
}

func (e *encoder) time(name string, t time.Time) {
	e.buf = append(e.buf, name...)
	e.buf = t.UTC().AppendFormat(e.buf, time.RFC3339Nano)
	e.buf = append(e.buf, `",`...)
}

func (e *encoder) address(name string, o, knownAddress *userstore.Optional[userstore.Address]) {
	a, ok := o.Get()
	known, _ := knownAddress.Get()
	if !ok {
		e.none(name, o.IsNull())
		return
	}
	if a == (userstore.Address{}) {
		e.fail(name, "has no members")
	}
	e.buf = append(e.buf, name...)
	e.text(`"country":"`, &a.Country, &known.Country)
	e.text(`"locality":"`, &a.Locality, &known.Locality)
	e.text(`"street":"`, &a.Street, &known.Street)
	e.textOrInt(`"houseNo":"`, &a.HouseNo, &known.HouseNo)
	e.text(`"additionalAddressLink":"`, &a.AdditionalAddressLink, &known.AdditionalAddressLink)
	e.text(`"region":"`, &a.Region, &known.Region)
	e.textOrInt(`"postalCode":"`, &a.PostalCode, &known.PostalCode)
	e.closeObject()
}
