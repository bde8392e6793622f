package sqlstore

import (
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// A column holds one scalar of a user. NULL stands for an omitted attribute.
type column struct {
	pointer string // of the scalar
	name    string
	// isNumber is the name of a second column, which tells a number from a text; ""
	// if the scalar is always a text.
	isNumber string
}

// columns are in the order of [userstore.Scalars].
var columns = [len(userstore.Scalars{})]column{
	{"/firstName", "first_name", ""},
	{"/lastName", "last_name", ""},
	{"/email", "email", ""},
	{"/phoneNumber", "phone_number", ""},
	{"/pictureUrl", "picture_url", ""},
	{"/gender", "gender", ""},
	{"/birthDate", "birth_date", ""},
	{"/address/country", "country", ""},
	{"/address/locality", "locality", ""},
	{"/address/street", "street", ""},
	{"/address/houseNo", "house_no", "house_no_is_number"},
	{"/address/additionalAddressLink", "additional_address_link", ""},
	{"/address/region", "region", ""},
	{"/address/postalCode", "postal_code", "postal_code_is_number"},
	{"/locale", "locale", ""},
	{"/zoneInfo", "zone_info", ""},
}

// numbers is how many columns have a second one.
const numbers = 2

// names returns the name of the column, and of its second one if it has one.
func (c column) names() []string {
	if c.isNumber == "" {
		return []string{c.name}
	}
	return []string{c.name, c.isNumber}
}

// width is the number of names.
func (c column) width() int {
	if c.isNumber == "" {
		return 1
	}
	return 2
}

// appendArgs appends the arguments for the column: the text, or nil for NULL, and
// for the second column whether it is a number.
func (c column) appendArgs(args []any, o userstore.Optional[userstore.TextOrInt]) []any {
	v, ok := o.Get()
	if ok {
		args = append(args, v.Text())
	} else {
		args = append(args, nil)
	}
	if c.isNumber != "" {
		args = append(args, v.IsInt())
	}
	return args
}

// columnList names every column of the table in the order in which [row] reads
// them. createdAt is the expression that reads created_at.
func columnList(createdAt string) string {
	list := []string{"id", createdAt}
	for _, c := range columns {
		list = append(list, c.names()...)
	}
	return strings.Join(list, ", ")
}
