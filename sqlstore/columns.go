package sqlstore

import (
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// fields are attributes with the address beside them, so that every scalar has
// a place.
type fields struct {
	userstore.Attributes
	Address userstore.Address
}

// A column keeps one attribute. NULL stands for an attribute that the user has
// not. A column of a number or text has a second one beside it, isNumber.
type column struct {
	name     string
	isNumber string // the name of the second column; "" where there is none
	pointer  string // as in [userstore.Problem]
	text     func(*fields) *userstore.Optional[string]
	number   func(*fields) *userstore.Optional[userstore.TextOrInt]
}

// columns are in the order of the documented page.
var columns = [...]column{
	text("first_name", "/firstName", func(f *fields) *userstore.Optional[string] { return &f.FirstName }),
	text("last_name", "/lastName", func(f *fields) *userstore.Optional[string] { return &f.LastName }),
	text("email", "/email", func(f *fields) *userstore.Optional[string] { return &f.Email }),
	text("phone_number", "/phoneNumber", func(f *fields) *userstore.Optional[string] { return &f.PhoneNumber }),
	text("picture_url", "/pictureUrl", func(f *fields) *userstore.Optional[string] { return &f.PictureURL }),
	text("gender", "/gender", func(f *fields) *userstore.Optional[string] { return &f.Gender }),
	text("birth_date", "/birthDate", func(f *fields) *userstore.Optional[string] { return &f.BirthDate }),
	text("country", "/address/country", func(f *fields) *userstore.Optional[string] { return &f.Address.Country }),
	text("locality", "/address/locality", func(f *fields) *userstore.Optional[string] { return &f.Address.Locality }),
	text("street", "/address/street", func(f *fields) *userstore.Optional[string] { return &f.Address.Street }),
	number("house_no", "/address/houseNo", func(f *fields) *userstore.Optional[userstore.TextOrInt] { return &f.Address.HouseNo }),
	text("additional_address_link", "/address/additionalAddressLink", func(f *fields) *userstore.Optional[string] { return &f.Address.AdditionalAddressLink }),
	text("region", "/address/region", func(f *fields) *userstore.Optional[string] { return &f.Address.Region }),
	number("postal_code", "/address/postalCode", func(f *fields) *userstore.Optional[userstore.TextOrInt] { return &f.Address.PostalCode }),
	text("locale", "/locale", func(f *fields) *userstore.Optional[string] { return &f.Locale }),
	text("zone_info", "/zoneInfo", func(f *fields) *userstore.Optional[string] { return &f.ZoneInfo }),
}

// numbers is how many columns have a second one.
const numbers = 2

func text(name, pointer string, of func(*fields) *userstore.Optional[string]) column {
	return column{name: name, pointer: pointer, text: of}
}

func number(name, pointer string, of func(*fields) *userstore.Optional[userstore.TextOrInt]) column {
	return column{name: name, isNumber: name + "_is_number", pointer: pointer, number: of}
}

// get returns the value of the column.
func (c *column) get(f *fields) userstore.Optional[userstore.TextOrInt] {
	if c.number != nil {
		return *c.number(f)
	}
	switch o := *c.text(f); {
	case o.IsZero():
		return userstore.Optional[userstore.TextOrInt]{}
	case o.IsNull():
		return userstore.Null[userstore.TextOrInt]()
	default:
		v, _ := o.Get()
		return userstore.Value(userstore.Text(v))
	}
}

// set sets the value of the column, which is not NULL. It fails where it is
// said to be a number and is none.
func (c *column) set(f *fields, text string, isNumber bool) error {
	if c.text != nil {
		*c.text(f) = userstore.Value(text)
		return nil
	}
	v := userstore.Text(text)
	if isNumber {
		var err error
		if v, err = userstore.ParseInt(text); err != nil {
			return err
		}
	}
	*c.number(f) = userstore.Value(v)
	return nil
}

// spread returns the attributes of a patch with the address beside them; an
// address that is null clears every member.
func spread(patch userstore.Attributes) fields {
	f := fields{Attributes: patch}
	f.Address, _ = patch.Address.Get()
	if patch.Address.IsNull() {
		f.Address = noAddress
	}
	return f
}

var noAddress = userstore.Address{
	Country:               userstore.Null[string](),
	Locality:              userstore.Null[string](),
	Street:                userstore.Null[string](),
	HouseNo:               userstore.Null[userstore.TextOrInt](),
	AdditionalAddressLink: userstore.Null[string](),
	Region:                userstore.Null[string](),
	PostalCode:            userstore.Null[userstore.TextOrInt](),
}

// gather is the way back, for a record.
func (f *fields) gather() userstore.Attributes {
	a := f.Attributes
	if f.Address != (userstore.Address{}) {
		a.Address = userstore.Value(f.Address)
	}
	return a
}

// columnList names every column, those of the record's own included, in the
// order in which [row] reads them. created is how createdAt is read.
func columnList(created string) string {
	names := []string{"id", created}
	for _, c := range columns {
		names = append(names, c.name)
		if c.isNumber != "" {
			names = append(names, c.isNumber)
		}
	}
	return strings.Join(names, ", ")
}
