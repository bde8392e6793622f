package userstore_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// Whoever imports records wants to know which member is wrong.
func TestJSONErrorNamesTheMember(t *testing.T) {
	tests := map[string]string{ // document: what the error names
		`{"attributes":{"firstName":5}}`:                          "attributes.firstName",
		`{"attributes":{"lastName":"x","zoneInfo":{}}}`:           "attributes.zoneInfo",
		`{"attributes":{"address":7}}`:                            "attributes.address",
		`{"attributes":{"address":{"country":"DE","street":[]}}}`: "attributes.address.street",
		`{"id":5}`: "id",
	}
	for document, want := range tests {
		var user userstore.User
		err := json.Unmarshal([]byte(document), &user)
		var wrong *json.UnmarshalTypeError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: the error is %v", document, err)
			continue
		}
		if wrong.Field != want {
			t.Errorf("%s: the error names %q, want %q", document, wrong.Field, want)
		}
	}
}
