package httphandler

import "github.com/userrecord/userrecord/userstore"

func (d *decoder) attributes() error {
	more, err := d.object()
	for more {
		more, err = d.in.next(d.attribute(d.in.name()))
	}
	return err
}

func (d *decoder) attribute(name []byte) error {
	if m := attributeNamed(name); m != noMember {
		return d.value(m)
	}
	switch string(name) {
	case "address":
		return d.readAddress()
	case "createdAt":
		return d.readCreatedAt()
	}
	return d.unknown(name)
}

func (d *decoder) readAddress() error {
	switch d.in.peek() {
	case 'n':
		d.patch.Address = userstore.Null[userstore.Address]()
		return d.in.skip()
	case '{':
		d.patch.Address = userstore.Value(userstore.Address{}) // see keepValues
		more, err := d.in.begin()
		for more {
			more, err = d.in.next(d.addressMember(d.in.name()))
		}
		return err
	}
	return d.reject("wrong-json-type", "Must be an object or null.")
}

func (d *decoder) addressMember(name []byte) error {
	if m := addressMemberNamed(name); m != noMember {
		return d.value(m)
	}
	return d.unknown(name)
}

// value reads the value of a member, and reports one of the wrong type.
func (d *decoder) value(m member) error {
	c := d.in.peek()
	switch {
	case c == 'n':
		d.setNull(m)
		return d.in.skip()
	case c == '"':
		s, err := d.in.text()
		d.unplain = d.unplain || !isPlain(m, d.in.runes)
		d.values = append(d.values, value{of: m, text: s})
		return err
	case m < houseNo:
		return d.reject("wrong-json-type", "Must be a string or null.")
	case c == '-' || '0' <= c && c <= '9':
		return d.integer(m)
	}
	return d.reject("wrong-json-type", "Must be a string, an integer or null.")
}

// isPlain reports whether a text of this many code points passes
// [userstore.Attributes.Check], as any plain text does that is not too long. (A
// pictureUrl may be longer, but rarely is.)
func isPlain(m member, runes int) bool {
	return runes <= userstore.MaxEmail || runes <= userstore.MaxText && m != email
}

func (d *decoder) integer(m member) error {
	literal, err := d.in.number()
	if err != nil {
		return err
	}
	if _, err := userstore.ParseInt(string(literal)); err != nil {
		d.report("invalid-attribute", "Must be a string, an integer from 0 to 9007199254740991 without fraction or exponent, or null.")
		return nil
	}
	d.values = append(d.values, value{of: m, isInt: true, text: literal})
	return nil
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
