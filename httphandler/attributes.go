package httphandler

import (
	"github.com/userrecord/userrecord/userstore"
)

// textAttribute returns the field of the text attribute with this JSON name, or nil
// if there is none. (With a map of functions, a would escape to the heap.)
func textAttribute(a *userstore.Attributes, name []byte) *userstore.Optional[string] {
	switch string(name) {
	case "firstName":
		return &a.FirstName
	case "lastName":
		return &a.LastName
	case "email":
		return &a.Email
	case "phoneNumber":
		return &a.PhoneNumber
	case "pictureUrl":
		return &a.PictureURL
	case "gender":
		return &a.Gender
	case "birthDate":
		return &a.BirthDate
	case "locale":
		return &a.Locale
	case "zoneInfo":
		return &a.ZoneInfo
	}
	return nil
}

// textMember does the same for the members of the address.
func textMember(a *userstore.Address, name []byte) *userstore.Optional[string] {
	switch string(name) {
	case "country":
		return &a.Country
	case "locality":
		return &a.Locality
	case "street":
		return &a.Street
	case "additionalAddressLink":
		return &a.AdditionalAddressLink
	case "region":
		return &a.Region
	}
	return nil
}

func (d *decoder) attributes() error {
	more, err := d.object()
	for more {
		more, err = d.in.next(d.attribute(d.in.name()))
	}
	return err
}

func (d *decoder) attribute(name []byte) error {
	if to := textAttribute(&d.patch, name); to != nil {
		return d.textValue(to)
	}
	switch string(name) {
	case "address":
		return d.address()
	case "createdAt":
		return d.readCreatedAt()
	}
	return d.unknown(name)
}

func (d *decoder) address() error {
	switch d.in.peek() {
	case 'n':
		d.patch.Address = userstore.Null[userstore.Address]()
		return d.in.skip()
	case '{':
		var address userstore.Address
		more, err := d.in.begin()
		for more {
			more, err = d.in.next(d.addressMember(&address, d.in.name()))
		}
		d.patch.Address = userstore.Value(address)
		return err
	}
	return d.reject("wrong-json-type", "Must be an object or null.")
}

func (d *decoder) addressMember(address *userstore.Address, name []byte) error {
	if to := textMember(address, name); to != nil {
		return d.textValue(to)
	}
	switch string(name) {
	case "houseNo":
		return d.textOrIntValue(&address.HouseNo)
	case "postalCode":
		return d.textOrIntValue(&address.PostalCode)
	}
	return d.unknown(name)
}

func (d *decoder) textValue(to *userstore.Optional[string]) error {
	return readText(d, to, func(s string) string { return s }, "Must be a string or null.")
}

func (d *decoder) textOrIntValue(to *userstore.Optional[userstore.TextOrInt]) error {
	if c := d.in.peek(); c != '-' && (c < '0' || c > '9') {
		return readText(d, to, userstore.Text, "Must be a string, an integer or null.")
	}
	literal, err := d.in.number()
	if err != nil {
		return err
	}
	n, err := userstore.ParseInt(string(literal))
	if err != nil {
		d.report("invalid-attribute", "Must be a string, an integer from 0 to 9007199254740991 without fraction or exponent, or null.")
		return nil
	}
	*to = userstore.Value(n)
	return nil
}

// readText reads a string or null, and reports any other value.
func readText[T any](d *decoder, to *userstore.Optional[T], of func(string) T, detail string) error {
	switch d.in.peek() {
	case 'n':
		*to = userstore.Null[T]()
		return d.in.skip()
	case '"':
		s, err := d.in.text()
		*to = userstore.Value(of(string(s)))
		return err
	}
	return d.reject("wrong-json-type", detail)
}

func (d *decoder) readCreatedAt() error {
	if d.in.peek() != '"' {
		return d.reject("read-only-attribute", "Is read-only: send the current value, or omit it.")
	}
	s, err := d.in.text()
	if err != nil {
		return err
	}
	t, err := userstore.ParseTime(string(s))
	if err != nil {
		d.report("read-only-attribute", "Is read-only, and not an RFC 3339 date-time.")
		return nil
	}
	d.createdAt = &t
	return nil
}

// isAtMember reports whether a member must be ignored wherever it appears (JSON:API
// 1.1, @-members).
func isAtMember(name []byte) bool { return len(name) > 0 && name[0] == '@' }

// unknown skips an attribute that the page does not have.
func (d *decoder) unknown(name []byte) error {
	if d.ignoreUnknown || isAtMember(name) {
		return d.in.skip()
	}
	return d.reject("unknown-attribute", "A user has no such attribute.")
}
