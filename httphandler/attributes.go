package httphandler

import (
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// A member is a member of the attributes or of the address that is no object.
type member uint8

const (
	noMember member = iota
	firstName
	lastName
	email
	phoneNumber
	pictureURL
	gender
	birthDate
	locale
	zoneInfo
	country
	locality
	street
	additionalAddressLink
	region
	houseNo // may be an integer, and so may the last one
	postalCode
)

// attributeNamed returns the attribute with this JSON name, or noMember.
func attributeNamed(name []byte) member {
	switch string(name) {
	case "firstName":
		return firstName
	case "lastName":
		return lastName
	case "email":
		return email
	case "phoneNumber":
		return phoneNumber
	case "pictureUrl":
		return pictureURL
	case "gender":
		return gender
	case "birthDate":
		return birthDate
	case "locale":
		return locale
	case "zoneInfo":
		return zoneInfo
	}
	return noMember
}

// addressMemberNamed does the same for the members of the address.
func addressMemberNamed(name []byte) member {
	switch string(name) {
	case "country":
		return country
	case "locality":
		return locality
	case "street":
		return street
	case "additionalAddressLink":
		return additionalAddressLink
	case "region":
		return region
	case "houseNo":
		return houseNo
	case "postalCode":
		return postalCode
	}
	return noMember
}

// text returns the field of a member that must be a text, or nil.
func (d *decoder) text(m member) *userstore.Optional[string] {
	switch m {
	case firstName:
		return &d.patch.FirstName
	case lastName:
		return &d.patch.LastName
	case email:
		return &d.patch.Email
	case phoneNumber:
		return &d.patch.PhoneNumber
	case pictureURL:
		return &d.patch.PictureURL
	case gender:
		return &d.patch.Gender
	case birthDate:
		return &d.patch.BirthDate
	case locale:
		return &d.patch.Locale
	case zoneInfo:
		return &d.patch.ZoneInfo
	case country:
		return &d.address.Country
	case locality:
		return &d.address.Locality
	case street:
		return &d.address.Street
	case additionalAddressLink:
		return &d.address.AdditionalAddressLink
	case region:
		return &d.address.Region
	}
	return nil
}

// textOrInt returns the field of a member that may be an integer.
func (d *decoder) textOrInt(m member) *userstore.Optional[userstore.TextOrInt] {
	if m == houseNo {
		return &d.address.HouseNo
	}
	return &d.address.PostalCode
}

// A value is a text or an integer for the patch, still in the body.
type value struct {
	of    member
	isInt bool
	text  []byte // without escapes
}

// keepValues copies the values into the patch: all into one string, which is exactly as
// long as they are together.
func (d *decoder) keepValues() {
	size := 0
	for _, v := range d.values {
		size += len(v.text)
	}
	var all strings.Builder
	all.Grow(size)
	for _, v := range d.values {
		all.Write(v.text)
	}
	rest := all.String()
	for _, v := range d.values {
		d.set(v, rest[:len(v.text)])
		rest = rest[len(v.text):]
	}
	if _, ok := d.patch.Address.Get(); ok {
		d.patch.Address = userstore.Value(d.address)
	}
}

func (d *decoder) set(v value, s string) {
	if to := d.text(v.of); to != nil {
		*to = userstore.Value(s)
		return
	}
	either := userstore.Text(s)
	if v.isInt {
		either, _ = userstore.ParseInt(s) // checked when it was read
	}
	*d.textOrInt(v.of) = userstore.Value(either)
}

func (d *decoder) setNull(m member) {
	if to := d.text(m); to != nil {
		*to = userstore.Null[string]()
		return
	}
	*d.textOrInt(m) = userstore.Null[userstore.TextOrInt]()
}
