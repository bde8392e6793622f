package drivertest

import (
	"encoding/json"
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// scalars point to the values of a user that can be patched on their own.
var scalars = []string{
	"/firstName", "/lastName", "/email", "/phoneNumber", "/pictureUrl", "/gender", "/birthDate", "/locale", "/zoneInfo",
	"/address/country", "/address/locality", "/address/street", "/address/houseNo", "/address/additionalAddressLink", "/address/region", "/address/postalCode",
}

// values are texts by the pointers to their places.
type values map[string]string

// valuesOf returns those of a record whose values are all texts.
func valuesOf(a userstore.Attributes) values {
	all := decoded[map[string]any](a)
	address, _ := all["address"].(map[string]any)
	delete(all, "address")
	v := make(values, len(scalars))
	for name, text := range all {
		v["/"+name] = text.(string)
	}
	for name, text := range address {
		v["/address/"+name] = text.(string)
	}
	return v
}

// attributes returns the patch that sets the values.
func (v values) attributes() userstore.Attributes {
	all, address := map[string]any{}, map[string]any{}
	for pointer, text := range v {
		if name, inside := strings.CutPrefix(pointer, "/address/"); inside {
			address[name] = text
			all["address"] = address
		} else {
			all[pointer[1:]] = text
		}
	}
	return decoded[userstore.Attributes](all)
}

// everywhere has the same text in every place.
func everywhere(text string) values {
	v := make(values, len(scalars))
	for _, pointer := range scalars {
		v[pointer] = text
	}
	return v
}

// decoded turns what has the same JSON into a T.
func decoded[T any](from any) (to T) {
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, &to)
	}
	if err != nil {
		panic(err)
	}
	return to
}
