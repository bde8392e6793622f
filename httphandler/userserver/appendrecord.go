package main

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/userrecord/userrecord/userstore"
)

// appendRecord appends the JSON of the user: the bytes that package json writes, in an
// eighth of the time. It fails if a text is not UTF-8 or the year is not 0 to 9999.
func appendRecord(b []byte, u *userstore.User) ([]byte, error) {
	b = append(b, `{"id":"`...)
	b = append(b, u.ID.String()...)
	b = append(b, `","attributes":`...)
	var scalars userstore.Scalars
	scalars.Set(&u.Attributes)
	b, err := appendAttributes(b, &scalars)
	if err != nil {
		return b, err
	}
	b = append(b, `,"createdAt":"`...)
	b, err = u.CreatedAt.AppendText(b)
	return append(b, `"}`...), err
}

// appendAttributes leaves out a scalar without a value; none is null in a record. A
// comma follows each member, until the end of its object replaces it.
func appendAttributes(b []byte, scalars *userstore.Scalars) (_ []byte, err error) {
	b = append(b, '{')
	inAddress := false
	for place := range scalars {
		value, ok := scalars[place].Get()
		if !ok {
			continue
		}
		name := &memberNames[place]
		switch {
		case name.inAddress && !inAddress:
			b = append(b, `"address":{`...)
		case inAddress && !name.inAddress:
			b = append(endObject(b), ',')
		}
		inAddress = name.inAddress
		b = append(b, name.json...)
		if b, err = appendScalar(b, value); err != nil {
			return b, err
		}
		b = append(b, ',')
	}
	if inAddress {
		b = append(endObject(b), ',')
	}
	return endObject(b), nil
}

// endObject puts the end of an object over the comma after its last member, if any.
func endObject(b []byte) []byte {
	if last := len(b) - 1; b[last] == ',' {
		b = b[:last]
	}
	return append(b, '}')
}

func appendScalar(b []byte, value userstore.TextOrInt) ([]byte, error) {
	if value.IsInt() {
		return append(b, value.Text()...), nil
	}
	return jsontext.AppendQuote(b, value.Text())
}

// memberNames are the names of the scalars, by place.
var memberNames = func() (names [len(userstore.Scalars{})]struct {
	json      string // such as "houseNo":
	inAddress bool
}) {
	for place := range names {
		name, inAddress := strings.CutPrefix(userstore.ScalarPointer(place), "/address")
		names[place].json = `"` + name[len("/"):] + `":`
		names[place].inAddress = inAddress
	}
	return names
}()
