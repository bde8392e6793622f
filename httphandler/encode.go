package httphandler

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/userrecord/userrecord/userstore"
	"github.com/userrecord/userrecord/userstore/plain"
)

// appendUser appends the response document. The error is that of appendResource.
func appendUser(dst []byte, user *userstore.User, known *document) ([]byte, error) {
	dst, err := appendResource(append(dst, `{"data":`...), user, known)
	return append(dst, "}\n"...), err
}

// appendResource appends the resource object: every attribute, in the order of the
// page. An attribute without a value is null: JSON:API caches merge an answer into
// what they hold, so one that is left out would keep its old value there. The texts in
// known are known to be plain. The error is a *recordError: the record is not
// canonical, or not UTF-8.
func appendResource(dst []byte, user *userstore.User, known *document) ([]byte, error) {
	id, _ := user.ID.MarshalText() // never fails
	e := encoder{buf: append(dst, `{"type":"User","id":"`...)}
	e.buf = append(append(e.buf, id...), `","attributes":{`...)
	a := &user.Attributes
	e.text(`"firstName":"`, &a.FirstName, &known.patch.FirstName)
	e.text(`,"lastName":"`, &a.LastName, &known.patch.LastName)
	e.text(`,"email":"`, &a.Email, &known.patch.Email)
	e.text(`,"phoneNumber":"`, &a.PhoneNumber, &known.patch.PhoneNumber)
	e.text(`,"pictureUrl":"`, &a.PictureURL, &known.patch.PictureURL)
	e.text(`,"gender":"`, &a.Gender, &known.patch.Gender)
	e.time(`,"createdAt":"`, user.CreatedAt)
	e.text(`,"birthDate":"`, &a.BirthDate, &known.patch.BirthDate)
	e.address(`,"address":{`, &a.Address, &known.address)
	e.text(`,"locale":"`, &a.Locale, &known.patch.Locale)
	e.text(`,"zoneInfo":"`, &a.ZoneInfo, &known.patch.ZoneInfo)
	return append(e.buf, "}}"...), e.err
}

// appendErrors appends the error document. Ids, codes and titles are our own texts, which
// are plain. Details and sources may come from a host or a client.
func appendErrors(dst []byte, id string, r *refusal) []byte {
	e := encoder{buf: append(dst, `{"errors":[`...)}
	title := titles[r.status]
	for i, f := range r.errors {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.plainMember(`{"id":"`, id)
		e.buf = strconv.AppendInt(append(e.buf, `,"status":"`...), int64(r.status), 10)
		e.plainMember(`","code":"`, f.code)
		e.plainMember(`,"title":"`, title)
		e.member(`,"detail":"`, f.detail)
		if f.source.kind != "" {
			e.buf = append(append(e.buf, `,"source":{"`...), f.source.kind...)
			e.member(`":"`, f.source.name)
			e.buf = append(e.buf, '}')
		}
		e.buf = append(e.buf, '}')
	}
	return append(e.buf, "]}\n"...)
}

// An encoder appends the members of JSON objects. A name is passed as all that stands
// before a text: a comma, unless the member is the first one, the name in quotes, the
// colon, and the quote of the text. Before an object, it ends with the brace. err is the
// first error.
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

func (e *encoder) member(name, value string) {
	if _, ok := plain.Runes(value); ok {
		e.plainMember(name, value)
		return
	}
	buf, err := jsontext.AppendQuote(append(e.buf, unopened(name)...), value)
	if err != nil {
		e.fail(name, "is not UTF-8")
	}
	e.buf = buf
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
	e.buf = append(append(e.buf, unopened(name)...), "null"...)
}

// unopened returns a name without the quote or brace.
func unopened(name string) string { return name[:len(name)-1] }

func (e *encoder) plainMember(name, value string) {
	e.buf = append(append(append(e.buf, name...), value...), '"')
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
	e.buf = append(append(e.buf, unopened(name)...), literal...)
}

// time writes a date-time of RFC 3339, whose years have four digits.
func (e *encoder) time(name string, t time.Time) {
	buf, err := t.UTC().AppendText(append(e.buf, name...))
	if err != nil {
		e.fail(name, "is not in the years 0 to 9999")
		return
	}
	e.buf = append(buf, '"')
}

func (e *encoder) address(name string, o *userstore.Optional[userstore.Address], known *userstore.Address) {
	a, ok := o.Get()
	if !ok {
		e.none(name, o.IsNull())
		return
	}
	if a == (userstore.Address{}) {
		e.fail(name, "has no members")
	}
	e.buf = append(e.buf, name...)
	e.text(`"country":"`, &a.Country, &known.Country)
	e.text(`,"locality":"`, &a.Locality, &known.Locality)
	e.text(`,"street":"`, &a.Street, &known.Street)
	e.textOrInt(`,"houseNo":"`, &a.HouseNo, &known.HouseNo)
	e.text(`,"additionalAddressLink":"`, &a.AdditionalAddressLink, &known.AdditionalAddressLink)
	e.text(`,"region":"`, &a.Region, &known.Region)
	e.textOrInt(`,"postalCode":"`, &a.PostalCode, &known.PostalCode)
	e.buf = append(e.buf, '}')
}
