package httphandler_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// The members of a 200, in the order of the page.
const (
	shownAttributes = "firstName lastName email phoneNumber pictureUrl gender createdAt birthDate address locale zoneInfo"
	shownAddress    = "country locality street houseNo additionalAddressLink region postalCode"
)

// checkComplete returns an error unless the document of a user has every
// attribute of the page, in its order, and an address that is null or has every
// member, at least one of them with a value.
func checkComplete(body []byte) error {
	var doc struct {
		Data struct {
			Attributes jsontext.Value `json:"attributes"`
		} `json:"data"`
	}
	var attributes struct {
		Address jsontext.Value `json:"address"`
	}
	if err := errors.Join(json.Unmarshal(body, &doc), json.Unmarshal(doc.Data.Attributes, &attributes)); err != nil {
		return err
	}
	if got := memberNames(doc.Data.Attributes); got != shownAttributes {
		return fmt.Errorf("the attributes are %s", got)
	}
	address := attributes.Address
	if address.Kind() == 'n' {
		return nil
	}
	if got := memberNames(address); got != shownAddress {
		return fmt.Errorf("the members of the address are %s", got)
	}
	if strings.Count(string(address), ":null") == len(strings.Fields(shownAddress)) {
		return errors.New("an address without a value is not null")
	}
	return nil
}

// memberNames returns the names in an object, in order.
func memberNames(object jsontext.Value) string {
	var names []string
	d := jsontext.NewDecoder(bytes.NewReader(object))
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return "of no object"
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return err.Error()
		}
		names = append(names, name.String())
		if err := d.SkipValue(); err != nil {
			return err.Error()
		}
	}
	if _, err := d.ReadToken(); err != nil && err != io.EOF {
		return err.Error()
	}
	return strings.Join(names, " ")
}

// The exact answer to a patch of a user who has only createdAt.
func TestAnswerIsComplete(t *testing.T) {
	const nothing = `{"firstName":null,"lastName":null,"email":null,"phoneNumber":null,"pictureUrl":null,"gender":null,"createdAt":"2021-09-01T23:12:56Z","birthDate":null,"address":null,"locale":null,"zoneInfo":null}`
	address := func(members string) string {
		return strings.Replace(nothing, `"address":null`, `"address":`+members, 1)
	}
	tests := []struct{ attributes, want string }{
		{`{}`, nothing},
		{`{"firstName":null,"address":null}`, nothing},
		{`{"address":{}}`, nothing},
		{`{"address":{"street":null,"postalCode":null}}`, nothing},
		{`{"firstName":""}`, strings.Replace(nothing, `"firstName":null`, `"firstName":""`, 1)},
		{`{"zoneInfo":"UTC"}`, strings.Replace(nothing, `"zoneInfo":null`, `"zoneInfo":"UTC"`, 1)},
		{`{"address":{"houseNo":18}}`, address(`{"country":null,"locality":null,"street":null,"houseNo":18,"additionalAddressLink":null,"region":null,"postalCode":null}`)},
		{`{"address":{"postalCode":"01067"}}`, address(`{"country":null,"locality":null,"street":null,"houseNo":null,"additionalAddressLink":null,"region":null,"postalCode":"01067"}`)},
		{`{"address":{"street":""}}`, address(`{"country":null,"locality":null,"street":"","houseNo":null,"additionalAddressLink":null,"region":null,"postalCode":null}`)},
	}
	for _, tt := range tests {
		t.Run(tt.attributes, func(t *testing.T) {
			e := openEndpoint()
			user := userstore.User{ID: uuid.New(), CreatedAt: userstore.ExampleUser().CreatedAt}
			_, err := e.store.Create(t.Context(), user)
			require.NoError(t, err)
			r := exampleRequest(strings.Replace(document(tt.attributes), exampleID, user.ID.String(), 1))
			r.URL.Path = "/users/" + user.ID.String()
			want := `{"data":{"type":"User","id":"` + user.ID.String() + `","attributes":` + tt.want + "}}\n"
			if d := cmp.Diff(want, string(e.send(t, r).body)); d != "" {
				t.Errorf("answer (-want +got):\n%s", d)
			}
		})
	}
}

// The check that all other tests rely on works.
func TestCheckComplete(t *testing.T) {
	good := openEndpoint().patch(t, `{}`).body
	tests := []struct{ name, old, new, want string }{
		{"good", "", "", ""},
		{"a null", `"lastName":"Smith"`, `"lastName":null`, ""},
		{"no address", `"address":{`, `"address":null,"x":{`, "the attributes are"},
		{"left out", `"lastName":"Smith",`, ``, "the attributes are"},
		{"another order", `"locale":"de-DE","zoneInfo":"Europe/Berlin"`, `"zoneInfo":"Europe/Berlin","locale":"de-DE"`, "the attributes are"},
		{"a member left out", `"region":"BW",`, ``, "the members of the address are"},
		{"a text", `"address":{`, `"address":"","x":{`, "the attributes are"},
	}
	for _, tt := range tests {
		got := ""
		if err := checkComplete([]byte(strings.Replace(string(good), tt.old, tt.new, 1))); err != nil {
			got = err.Error()
		}
		if got != tt.want && (tt.want == "" || !strings.HasPrefix(got, tt.want)) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
