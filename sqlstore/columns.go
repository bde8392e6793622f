package sqlstore

import (
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// A column keeps one scalar. NULL stands for an attribute that the user has not.
type column struct {
	name string
	// isNumber is a second column, which tells a number from a text; "" where
	// there are only texts.
	isNumber string
}

// columns are those of the places of [userstore.Scalars].
var columns = [len(userstore.Scalars{})]column{
	{name: "first_name"},
	{name: "last_name"},
	{name: "email"},
	{name: "phone_number"},
	{name: "picture_url"},
	{name: "gender"},
	{name: "birth_date"},
	{name: "country"},
	{name: "locality"},
	{name: "street"},
	{name: "house_no", isNumber: "house_no_is_number"},
	{name: "additional_address_link"},
	{name: "region"},
	{name: "postal_code", isNumber: "postal_code_is_number"},
	{name: "locale"},
	{name: "zone_info"},
}

// numbers is how many columns have a second one.
const numbers = 2

// names returns the column, and its second one where there is one.
func (c column) names() []string {
	if c.isNumber == "" {
		return []string{c.name}
	}
	return []string{c.name, c.isNumber}
}

// width is how many names there are.
func (c column) width() int {
	if c.isNumber == "" {
		return 1
	}
	return 2
}

// args appends what the columns of the place hold: the value, nil for NULL, and
// whether it is a number.
func (c column) args(args []any, o userstore.Optional[userstore.TextOrInt]) []any {
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

// columnList names every column, those of the record's own included, in the
// order in which [row] reads them. created is how createdAt is read.
func columnList(created string) string {
	list := []string{"id", created}
	for _, c := range columns {
		list = append(list, c.names()...)
	}
	return strings.Join(list, ", ")
}
