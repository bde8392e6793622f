package httphandler_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A wrong number and a value that is no number get different errors.
func TestHouseNumberCodes(t *testing.T) {
	for code, values := range map[string][]string{
		"invalid-attribute": {"-1", "-0", "1.0", "1e3", "9007199254740992"},
		"wrong-json-type":   {"true", "false", "[]", "[1]", "{}", `{"a":-1}`},
	} {
		for _, value := range values {
			for _, name := range []string{"houseNo", "postalCode"} {
				got := openEndpoint().patch(t, `{"address":{"`+name+`":`+value+`}}`)
				if d := cmp.Diff([]string{code}, got.codes()); d != "" {
					t.Errorf("%s %s (-want +got):\n%s", name, value, d)
				}
			}
		}
	}
}
