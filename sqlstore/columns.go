package sqlstore

import "github.com/userrecord/userrecord/userstore"

// A column holds one scalar of a user. NULL stands for an omitted attribute.
type column struct {
	pointer string // of the scalar
	name    string // "" if there is no column
	// isNumber is the name of a second column, which tells a number from a text; ""
	// if the scalar is always a text.
	isNumber string
	isDate   bool // of the type date, in a table of the host's
}

// columns are those of [Store.Migrate], in the order of [userstore.Scalars].
var columns = [len(userstore.Scalars{})]column{
	{pointer: "/firstName", name: "first_name"},
	{pointer: "/lastName", name: "last_name"},
	{pointer: "/email", name: "email"},
	{pointer: "/phoneNumber", name: "phone_number"},
	{pointer: "/pictureUrl", name: "picture_url"},
	{pointer: "/gender", name: "gender"},
	{pointer: "/birthDate", name: "birth_date"},
	{pointer: "/address/country", name: "country"},
	{pointer: "/address/locality", name: "locality"},
	{pointer: "/address/street", name: "street"},
	{pointer: "/address/houseNo", name: "house_no", isNumber: "house_no_is_number"},
	{pointer: "/address/additionalAddressLink", name: "additional_address_link"},
	{pointer: "/address/region", name: "region"},
	{pointer: "/address/postalCode", name: "postal_code", isNumber: "postal_code_is_number"},
	{pointer: "/locale", name: "locale"},
	{pointer: "/zoneInfo", name: "zone_info"},
}

// numbers is how many columns have a second one.
const numbers = 2

// measured is the column of /lastName, in which Check has a text measured.
const measured = 1

// names returns the name of the column, and of its second one, as far as there are
// any.
func (c *column) names() []string {
	switch {
	case c.name == "":
		return nil
	case c.isNumber == "":
		return []string{c.name}
	}
	return []string{c.name, c.isNumber}
}

// width is the number of arguments of a column that is there.
func (c *column) width() int {
	if c.isNumber == "" {
		return 1
	}
	return 2
}

// appendArgs appends the arguments for the column: the text, or nil for NULL, and
// for the second column whether it is a number.
func (c *column) appendArgs(args []any, o userstore.Optional[userstore.TextOrInt]) []any {
	if c.name == "" {
		return args
	}
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
