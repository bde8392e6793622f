package servertest

import (
	"encoding/json"
	"regexp"
	"slices"
	"unicode/utf8"
)

// jsonMember matches a member with a string, which may be cut off, or with digits.
var jsonMember = regexp.MustCompile(`"(\w+)"\s*:\s*(?:"((?:[^"\\]|\\.)*)|(\d+))`)

// salvage returns what a text that is no document seems to have of a user: enough to
// keep the values out of the report.
func salvage(text []byte) *record {
	address := object{}
	attributes := object{"address": address}
	for _, m := range jsonMember.FindAllSubmatch(text, maxValues) {
		name, value := string(m[1]), string(m[2])+string(m[3])
		var unquoted string
		if utf8.ValidString(value) && json.Unmarshal([]byte(`"`+value+`"`), &unquoted) == nil {
			value = unquoted
		}
		switch {
		case slices.Contains(pointers, "/"+name):
			attributes[name] = value
		case slices.Contains(pointers, "/address/"+name):
			address[name] = value
		}
	}
	return &record{attributes: attributes, state: stateOf(attributes)}
}
