//go:build go1.27 && goexperiment.jsonv2

package userstore_test

import (
	jsonv1 "encoding/json"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// What encoding/json/v2 refuses, it refuses inside an Optional too.
func TestJSONv2StaysStrictInside(t *testing.T) {
	tests := []struct{ name, document, pointer string }{
		{"duplicate name", `{"address":{"street":"a","street":"b"}}`, "/address/street"},
		{"text that is no UTF-8", "{\"address\":{\"houseNo\":\"\xff\"}}", "/address/houseNo"},
		{"lone surrogate", `{"firstName":"\ud800"}`, "/firstName"},
		{"broken null", `{"firstName":nul}`, "/firstName"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var a userstore.Attributes
			err := json.Unmarshal([]byte(tt.document), &a)
			var syntax *jsontext.SyntacticError
			if !errors.As(err, &syntax) || string(syntax.JSONPointer) != tt.pointer {
				t.Errorf("the error is %v, want one at %s", err, tt.pointer)
			}
			if a != (userstore.Attributes{}) {
				t.Error("an attribute comes with the error")
			}
		})
	}
	for _, document := range []string{`{"address":{"unknown":1}}`, `{"address":{"Street":"a"}}`} {
		var a userstore.Attributes
		err := json.Unmarshal([]byte(document), &a, json.RejectUnknownMembers(true))
		if !errors.Is(err, json.ErrUnknownName) {
			t.Errorf("%s: the error is %v", document, err)
		}
	}
}

func TestJSONv2NamesTheNumber(t *testing.T) {
	var a userstore.Attributes
	err := json.Unmarshal([]byte(`{"address":{"postalCode":1.5}}`), &a)
	var wrong *json.SemanticError
	if !errors.As(err, &wrong) || wrong.JSONPointer != "/address/postalCode" {
		t.Errorf("the error is %v", err)
	}
}

func TestJSONv2RoundTrip(t *testing.T) {
	address := userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Int(18)), Region: userstore.Null[string]()})
	for _, a := range []userstore.Attributes{{}, full(""), full("é\u2028<>&"), {Address: address, Email: userstore.Null[string]()}} {
		encoded, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var decoded userstore.Attributes
		if err := json.Unmarshal(encoded, &decoded); err != nil {
			t.Fatal(err)
		}
		if d := diff(a, decoded); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
	if _, err := json.Marshal(userstore.Text("\xff")); err == nil {
		t.Error("a text that is no UTF-8 is written")
	}
}

// The options of the caller reach the texts.
func TestJSONv2FollowsTheCaller(t *testing.T) {
	a := userstore.Attributes{FirstName: userstore.Value("<"), Address: userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Text("<"))})}
	var encoded strings.Builder
	e := jsonv1.NewEncoder(&encoded)
	e.SetEscapeHTML(false)
	err := e.Encode(a)
	if want := `{"firstName":"<","address":{"houseNo":"<"}}` + "\n"; err != nil || encoded.String() != want {
		t.Errorf("%s, %v; want %s", encoded.String(), err, want)
	}
}
