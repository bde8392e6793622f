package userstore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/userstore"
)

func TestNamesOfAChange(t *testing.T) {
	example := userstore.ExampleUser().Attributes
	address := func(a userstore.Address) userstore.Attributes {
		return userstore.Attributes{Address: userstore.Value(a)}
	}
	for _, tt := range []struct {
		name  string
		patch userstore.Attributes
		want  []string
	}{
		{"nothing", userstore.Attributes{}, []string{}},
		{"the same", example, []string{}},
		{"what is not there, cleared", userstore.Attributes{BirthDate: userstore.Null[string]()}, []string{}},
		{"an empty address", address(userstore.Address{}), []string{}},
		{"a member of the address", address(userstore.Address{Street: userstore.Value("Broadway")}), []string{"address"}},
		{"the address, cleared", userstore.Attributes{Address: userstore.Null[userstore.Address]()}, []string{"address"}},
		{"a value, and one cleared", userstore.Attributes{FirstName: userstore.Null[string](), Locale: userstore.Value("fr"), LastName: example.LastName}, []string{"firstName", "locale"}},
		{"a number for a text", address(userstore.Address{HouseNo: userstore.Value(userstore.Text("18"))}), []string{"address"}},
	} {
		before := userstore.User{Attributes: example}
		if tt.name == "what is not there, cleared" {
			before.Attributes.BirthDate = userstore.Optional[string]{}
		}
		after := userstore.User{Attributes: before.Attributes.Merge(tt.patch)}
		if diff := cmp.Diff(tt.want, userstore.Change{Before: before, After: after}.Names()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestChangePrintsNoValue(t *testing.T) {
	change := userstore.Change{Before: userstore.ExampleUser()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, change); strings.Contains(text, "John") || strings.Contains(text, "example.com") {
			t.Errorf("%s prints values", verb)
		}
	}
}
