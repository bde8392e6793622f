package vectors_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const userID = "c0daf39b-4df5-4241-9e7d-b1b85f829090"

// A record has the attributes of a user, by their names: texts, numbers, nil, and the
// address as another record.
type record map[string]any

// The members, in the order of the page.
var (
	attributeNames = []string{"firstName", "lastName", "email", "phoneNumber", "pictureUrl", "gender", "createdAt", "birthDate", "address", "locale", "zoneInfo"}
	addressNames   = []string{"country", "locality", "street", "houseNo", "additionalAddressLink", "region", "postalCode"}
)

// The records with which vectors begin.
var records = map[string]record{
	// The page's example.
	"page": {
		"firstName": "John", "lastName": "Smith", "email": "user@example.com", "phoneNumber": "+1 (425) 555-1212",
		"pictureUrl": "https://api.pace.cloud/user/img/uztqwenbqw87t123jhg87t6876", "gender": "male",
		"createdAt": "2021-09-01T23:12:56Z", "birthDate": "1997-07-21T00:00:00.000Z",
		"address": record{
			"country": "DE", "locality": "Karlsruhe", "street": "Haid-und-Neu-Straße", "houseNo": json.Number("18"),
			"additionalAddressLink": "z.H. John Smith", "region": "BW", "postalCode": json.Number("76131"),
		},
		"locale": "de-DE", "zoneInfo": "Europe/Berlin",
	},
	"empty":  {"createdAt": "2021-09-01T23:12:56Z"},
	"street": {"createdAt": "2021-09-01T23:12:56Z", "firstName": "Ada", "address": record{"street": "Waldstrasse"}},
	"house":  {"createdAt": "2021-09-01T23:12:56Z", "address": record{"street": "Waldstrasse", "houseNo": json.Number("18")}},
	"micros": {"createdAt": "2021-09-01T23:12:56.000001Z", "firstName": "Ada"},
}

// clone returns a copy that shares nothing.
func (r record) clone() record {
	c := maps.Clone(r)
	if address, ok := r["address"].(record); ok {
		c["address"] = maps.Clone(address)
	}
	return c
}

// with returns the record with a value at the pointer, such as /address/street.
func (r record) with(pointer string, value any) record {
	names := strings.Split(pointer[1:], "/")
	c := r.clone()
	if len(names) == 1 {
		c[names[0]] = value
		return c
	}
	address, ok := c["address"].(record)
	if !ok {
		address = record{}
	}
	address[names[1]] = value
	c["address"] = address
	return c
}

// merged returns the record after a patch, by the rule of the contract: what is omitted is
// untouched, null clears, a value replaces; the address member by member.
func (r record) merged(patch record) record {
	c := r.clone()
	for name, value := range patch {
		address, isAddress := value.(record)
		if !isAddress {
			c[name] = value
			continue
		}
		for member, value := range address {
			c = c.with("/"+name+"/"+member, value)
		}
	}
	return c
}

// replaced is merged for a server that replaces the whole address.
func (r record) replaced(patch record) record {
	c := r.clone()
	maps.Copy(c, patch)
	return c
}

// text returns the record as JSON, with every attribute of the page, in its order.
func (r record) text() json.RawMessage {
	return writeObject(attributeNames, func(name string) json.RawMessage {
		address, ok := r[name].(record)
		if !ok || address.isBlank() {
			if ok {
				return json.RawMessage("null")
			}
			return writeJSON(r[name])
		}
		return writeObject(addressNames, func(name string) json.RawMessage { return writeJSON(address[name]) })
	})
}

func (r record) isBlank() bool {
	for _, value := range r {
		if value != nil {
			return false
		}
	}
	return true
}

// parseRecord reads the attributes of a patch.
func parseRecord(text string) record {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	r := record{}
	if err := d.Decode(&r); err != nil {
		panic(fmt.Sprintf("%s: %v", text, err))
	}
	if address, ok := r["address"].(map[string]any); ok {
		r["address"] = record(address)
	}
	return r
}

// parseValue reads a JSON literal.
func parseValue(literal string) any {
	return parseRecord(`{"value":` + literal + `}`)["value"]
}

// The helper of the tables makes of a record and a patch what the contract says.
func TestMerged(t *testing.T) {
	page := records["page"]
	tests := []struct{ patch, old, new string }{
		{`{}`, ``, ``},
		{`{"firstName":"Jane"}`, `"John"`, `"Jane"`},
		{`{"firstName":null}`, `"John"`, `null`},
		{`{"address":{"houseNo":"18"}}`, `"houseNo":18`, `"houseNo":"18"`},
		{`{"address":{}}`, ``, ``},
		{`{"address":{"region":null}}`, `"BW"`, `null`},
	}
	for _, tt := range tests {
		want := strings.Replace(string(page.text()), tt.old, tt.new, 1)
		if got := string(page.merged(parseRecord(tt.patch)).text()); got != want {
			t.Errorf("%s\nwant %s\ngot  %s", tt.patch, want, got)
		}
	}
	empty := string(records["empty"].text())
	require.Contains(t, empty, `"address":null`)
	if got := string(records["house"].merged(parseRecord(`{"address":{"street":null,"houseNo":null}}`)).text()); got != empty {
		t.Errorf("an address without members: %s", got)
	}
	if got := string(records["house"].merged(parseRecord(`{"address":null}`)).text()); got != empty {
		t.Errorf("a null address: %s", got)
	}
}
