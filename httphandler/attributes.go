package httphandler

import (
	"github.com/userrecord/userrecord/userstore"
)

// The attributes, and the members of the address, by their names on the wire.
var (
	textAttributes = map[string]func(*userstore.Attributes) *userstore.Optional[string]{
		"firstName":   func(a *userstore.Attributes) *userstore.Optional[string] { return &a.FirstName },
		"lastName":    func(a *userstore.Attributes) *userstore.Optional[string] { return &a.LastName },
		"email":       func(a *userstore.Attributes) *userstore.Optional[string] { return &a.Email },
		"phoneNumber": func(a *userstore.Attributes) *userstore.Optional[string] { return &a.PhoneNumber },
		"pictureUrl":  func(a *userstore.Attributes) *userstore.Optional[string] { return &a.PictureURL },
		"gender":      func(a *userstore.Attributes) *userstore.Optional[string] { return &a.Gender },
		"birthDate":   func(a *userstore.Attributes) *userstore.Optional[string] { return &a.BirthDate },
		"locale":      func(a *userstore.Attributes) *userstore.Optional[string] { return &a.Locale },
		"zoneInfo":    func(a *userstore.Attributes) *userstore.Optional[string] { return &a.ZoneInfo },
	}
	textMembers = map[string]func(*userstore.Address) *userstore.Optional[string]{
		"country":               func(a *userstore.Address) *userstore.Optional[string] { return &a.Country },
		"locality":              func(a *userstore.Address) *userstore.Optional[string] { return &a.Locality },
		"street":                func(a *userstore.Address) *userstore.Optional[string] { return &a.Street },
		"additionalAddressLink": func(a *userstore.Address) *userstore.Optional[string] { return &a.AdditionalAddressLink },
		"region":                func(a *userstore.Address) *userstore.Optional[string] { return &a.Region },
	}
	textOrIntMembers = map[string]func(*userstore.Address) *userstore.Optional[userstore.TextOrInt]{
		"houseNo":    func(a *userstore.Address) *userstore.Optional[userstore.TextOrInt] { return &a.HouseNo },
		"postalCode": func(a *userstore.Address) *userstore.Optional[userstore.TextOrInt] { return &a.PostalCode },
	}
)

// attribute reads one member of attributes.
func (d *decoder) attribute(name []byte) error {
	if at, ok := textAttributes[string(name)]; ok {
		return d.textValue(at(&d.patch))
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
	switch d.in.PeekKind() {
	case 'n':
		d.patch.Address = userstore.Null[userstore.Address]()
		return d.in.SkipValue()
	case '{':
		var address userstore.Address
		err := d.object(func(name []byte) error { return d.addressMember(&address, name) })
		d.patch.Address = userstore.Value(address)
		return err
	}
	return d.wrong("wrong-json-type", "Must be an object or null.")
}

func (d *decoder) addressMember(address *userstore.Address, name []byte) error {
	if at, ok := textMembers[string(name)]; ok {
		return d.textValue(at(address))
	}
	if at, ok := textOrIntMembers[string(name)]; ok {
		return d.textOrIntValue(at(address))
	}
	return d.unknown(name)
}

func (d *decoder) textValue(to *userstore.Optional[string]) error {
	return readText(d, to, func(s string) string { return s }, "Must be a string or null.")
}

func (d *decoder) textOrIntValue(to *userstore.Optional[userstore.TextOrInt]) error {
	if d.in.PeekKind() != '0' {
		return readText(d, to, userstore.Text, "Must be a string, an integer or null.")
	}
	literal, err := d.in.ReadValue()
	if err != nil {
		return err
	}
	n, err := userstore.ParseInt(string(literal))
	if err != nil {
		d.fault("invalid-attribute", "Must be a string, an integer from 0 to 9007199254740991 without fraction or exponent, or null.")
		return nil
	}
	*to = userstore.Value(n)
	return nil
}

// readText reads a string or null. A value of another kind is a fault.
func readText[T any](d *decoder, to *userstore.Optional[T], of func(string) T, detail string) error {
	switch d.in.PeekKind() {
	case 'n':
		*to = userstore.Null[T]()
		return d.in.SkipValue()
	case '"':
		s, err := d.text()
		*to = userstore.Value(of(string(s)))
		return err
	}
	return d.wrong("wrong-json-type", detail)
}

func (d *decoder) readCreatedAt() error {
	if d.in.PeekKind() != '"' {
		return d.wrong("read-only-attribute", "Is read-only: send the current value, or omit it.")
	}
	s, err := d.text()
	if err != nil {
		return err
	}
	t, err := userstore.ParseTime(string(s))
	if err != nil {
		d.fault("read-only-attribute", "Is read-only, and not an RFC 3339 date-time.")
		return nil
	}
	d.createdAt = &t
	return nil
}

// isAtMember reports whether a member is to be ignored wherever it stands
// (JSON:API 1.1, @-members).
func isAtMember(name []byte) bool { return len(name) > 0 && name[0] == '@' }

// unknown skips a member that the page does not name.
func (d *decoder) unknown(name []byte) error {
	if d.ignoreUnknown || isAtMember(name) {
		return d.in.SkipValue()
	}
	return d.wrong("unknown-attribute", "A user has no such attribute.")
}
