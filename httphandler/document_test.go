package httphandler_test

import (
	"bytes"
	_ "embed"
	stdjson "encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// exampleJSON is the document of the page's example of a 200.
//
//go:embed testdata/example.json
var exampleJSON string

func decodeAny(t *testing.T, text []byte) (v any) {
	t.Helper()
	d := stdjson.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

func tokens(t *testing.T, text []byte) (all []string) {
	t.Helper()
	for d := jsontext.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.ReadToken()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		all = append(all, token.Kind().String()+" "+token.String())
	}
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	v := jsontext.Value(bytes.Clone(text))
	require.NoError(t, v.Compact())
	return string(v)
}

// The page's example record comes back as the page shows it: the same bytes except for
// white space.
func TestExampleOfThePage(t *testing.T) {
	bodies := map[string]string{
		"no attributes":    `{"data":{"type":"User","id":"` + handlertest.ExampleID + `"}}`,
		"empty attributes": document(`{}`),
		"empty address":    document(`{"address":{}}`),
		"the whole record": exampleJSON,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			e := openEndpoint()
			got := e.send(t, exampleRequest(body))
			if got.status != 200 {
				t.Fatalf("status %d, %v", got.status, got.places())
			}
			if d := cmp.Diff(decodeAny(t, []byte(exampleJSON)), decodeAny(t, got.body)); d != "" {
				t.Errorf("structure (-page +got):\n%s", d)
			}
			if d := cmp.Diff(tokens(t, []byte(exampleJSON)), tokens(t, got.body)); d != "" {
				t.Errorf("tokens (-page +got):\n%s", d)
			}
			if d := cmp.Diff(compact(t, []byte(exampleJSON)), compact(t, got.body)); d != "" {
				t.Errorf("bytes (-page +got):\n%s", d)
			}
			if user := e.exampleUser(t); user != userstore.ExampleUser() {
				t.Errorf("the record changed:\n%s", diff(userstore.ExampleUser(), user))
			}
		})
	}
}

// mergeTests are valid patches of the example user and their results. bodies_test.go has
// those that are refused.
var mergeTests = []struct {
	attributes string
	want       func(a *userstore.Attributes, address *userstore.Address)
}{
	{`{"firstName":"Jane"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.FirstName = text("Jane") }},
	{`{"lastName":"Doe"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.LastName = text("Doe") }},
	{`{"email":"j@example.org"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.Email = text("j@example.org") }},
	{`{"phoneNumber":"+49 721 123"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.PhoneNumber = text("+49 721 123") }},
	{`{"pictureUrl":"http://x.example/p"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.PictureURL = text("http://x.example/p") }},
	{`{"gender":"other"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.Gender = text("other") }},
	{`{"birthDate":"1997-07-21"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.BirthDate = text("1997-07-21") }},
	{`{"locale":"en"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.Locale = text("en") }},
	{`{"zoneInfo":"UTC"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.ZoneInfo = text("UTC") }},
	{`{"address":{"country":"FR"}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Country = text("FR") }},
	{`{"address":{"locality":"Paris"}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Locality = text("Paris") }},
	{`{"address":{"street":"Rue X"}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Street = text("Rue X") }},
	{`{"address":{"houseNo":"18a"}}`, func(_ *userstore.Attributes, m *userstore.Address) {
		m.HouseNo = userstore.Value(userstore.Text("18a"))
	}},
	{`{"address":{"houseNo":"18"}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.HouseNo = userstore.Value(userstore.Text("18")) }},
	{`{"address":{"houseNo":19}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.HouseNo = userstore.Value(userstore.Int(19)) }},
	{`{"address":{"additionalAddressLink":"c/o"}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.AdditionalAddressLink = text("c/o") }},
	{`{"address":{"region":"IDF"}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Region = text("IDF") }},
	{`{"address":{"postalCode":"01067"}}`, func(_ *userstore.Attributes, m *userstore.Address) {
		m.PostalCode = userstore.Value(userstore.Text("01067"))
	}},
	{`{"address":{"postalCode":1067}}`, func(_ *userstore.Attributes, m *userstore.Address) {
		m.PostalCode = userstore.Value(userstore.Int(1067))
	}},

	{`{"firstName":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.FirstName = none }},
	{`{"lastName":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.LastName = none }},
	{`{"email":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.Email = none }},
	{`{"phoneNumber":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.PhoneNumber = none }},
	{`{"pictureUrl":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.PictureURL = none }},
	{`{"gender":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.Gender = none }},
	{`{"birthDate":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.BirthDate = none }},
	{`{"locale":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.Locale = none }},
	{`{"zoneInfo":null}`, func(a *userstore.Attributes, _ *userstore.Address) { a.ZoneInfo = none }},
	{`{"address":null}`, func(_ *userstore.Attributes, m *userstore.Address) { *m = userstore.Address{} }},
	{`{"address":{}}`, func(*userstore.Attributes, *userstore.Address) {}},
	{`{"address":{"country":null}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Country = none }},
	{`{"address":{"locality":null}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Locality = none }},
	{`{"address":{"street":null}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Street = none }},
	{`{"address":{"houseNo":null}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.HouseNo = noNumber }},
	{`{"address":{"additionalAddressLink":null}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.AdditionalAddressLink = none }},
	{`{"address":{"region":null}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Region = none }},
	{`{"address":{"postalCode":null}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.PostalCode = noNumber }},

	// The empty text is a value, if the format allows it.
	{`{"firstName":""}`, func(a *userstore.Attributes, _ *userstore.Address) { a.FirstName = text("") }},
	{`{"lastName":""}`, func(a *userstore.Attributes, _ *userstore.Address) { a.LastName = text("") }},
	{`{"address":{"locality":""}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Locality = text("") }},
	{`{"address":{"street":""}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Street = text("") }},
	{`{"address":{"houseNo":""}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.HouseNo = userstore.Value(userstore.Text("")) }},
	{`{"address":{"additionalAddressLink":""}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.AdditionalAddressLink = text("") }},
	{`{"address":{"region":""}}`, func(_ *userstore.Attributes, m *userstore.Address) { m.Region = text("") }},
	{`{"address":{"postalCode":""}}`, func(_ *userstore.Attributes, m *userstore.Address) {
		m.PostalCode = userstore.Value(userstore.Text(""))
	}},

	{`{"firstName":"null"}`, func(a *userstore.Attributes, _ *userstore.Address) { a.FirstName = text("null") }},
	{`{"firstName":"Jane","lastName":null,"address":{"region":null,"street":"Elsewhere"},"locale":"fr-FR"}`, func(a *userstore.Attributes, m *userstore.Address) {
		a.FirstName, a.LastName, m.Region, m.Street, a.Locale = text("Jane"), none, none, text("Elsewhere"), text("fr-FR")
	}},
	// An address without members is no address.
	{`{"address":{"country":null,"locality":null,"street":null,"houseNo":null,"additionalAddressLink":null,"region":null,"postalCode":null}}`,
		func(_ *userstore.Attributes, m *userstore.Address) { *m = userstore.Address{} }},
}

var (
	text     = userstore.Value[string]
	none     userstore.Optional[string]
	noNumber userstore.Optional[userstore.TextOrInt]
)

func TestMerge(t *testing.T) {
	for _, tt := range mergeTests {
		t.Run(tt.attributes, func(t *testing.T) {
			e := openEndpoint()
			want := userstore.ExampleUser()
			address, _ := want.Attributes.Address.Get()
			tt.want(&want.Attributes, &address)
			if want.Attributes.Address = userstore.Value(address); address == (userstore.Address{}) {
				want.Attributes.Address = userstore.Optional[userstore.Address]{}
			}
			// Twice: a patch sets absolute values.
			for range 2 {
				if got := e.patch(t, tt.attributes); got.status != 200 {
					t.Fatalf("status %d, %v", got.status, got.places())
				}
				if got := e.exampleUser(t); got != want {
					t.Errorf("record (-want +got):\n%s", diff(want, got))
				}
			}
		})
	}
}

// Patches of different attributes accumulate, and what is cleared stays cleared.
func TestPatchesAddUp(t *testing.T) {
	e := openEndpoint()
	want := userstore.ExampleUser()
	want.Attributes.FirstName, want.Attributes.LastName, want.Attributes.Gender = text("Jane"), none, text("female")
	address, _ := want.Attributes.Address.Get()
	address.Region, address.Street = none, text("Elsewhere")
	want.Attributes.Address = userstore.Value(address)
	for _, attributes := range []string{
		`{"lastName":null}`, `{"firstName":"Jim"}`, `{"address":{"region":null}}`, `{"gender":"female"}`, `{"address":{"street":"Elsewhere"}}`, `{"firstName":"Jane"}`, `{}`,
	} {
		if got := e.patch(t, attributes); got.status != 200 {
			t.Fatalf("%s: status %d", attributes, got.status)
		}
	}
	if got := e.exampleUser(t); got != want {
		t.Errorf("record (-want +got):\n%s", diff(want, got))
	}
}

// losslessTests are JSON strings as sent, and the texts that they mean.
var losslessTests = []struct{ literal, text string }{
	{`"\u0066oo"`, "foo"},
	{`"Stra\u00dfe"`, "Straße"},
	{"\"\u00e9\"", "\u00e9"},
	{"\"e\u0301\"", "e\u0301"},
	{`"\u0065\u0301"`, "e\u0301"},
	{"\"\u212b\"", "\u212b"}, // the ångström sign, which normalisation would replace with the letter
	{"\"\ufb01\"", "\ufb01"},
	{`"😀"`, "\U0001f600"},
	{`"\ud83d\ude00"`, "\U0001f600"},
	{`"\uD83D\uDE00"`, "\U0001f600"},
	{`"👩‍👩‍👧"`, "\U0001f469\u200d\U0001f469\u200d\U0001f467"},
	{`"` + "\U0010ffff" + `"`, "\U0010ffff"},
	{`"` + "\u2028\u2029" + `"`, "\u2028\u2029"},
	{`"\u2028"`, "\u2028"},
	{`"` + "\u202eabc\u202c" + `"`, "\u202eabc\u202c"},
	{`"` + "\u200b\u00ad" + `"`, "\u200b\u00ad"},
	{`"` + "\ufeffx" + `"`, "\ufeffx"},
	{`"` + "\ufffd" + `"`, "\ufffd"},
	{`"` + "\uffff\ue000" + `"`, "\uffff\ue000"},
	{`"<b>&'</b>"`, "<b>&'</b>"},
	{`"\u003cb\u003e\u0026"`, "<b>&"},
	{`"O'Brien\"; DROP TABLE users; --"`, `O'Brien"; DROP TABLE users; --`},
	{`"%s %d %!v(MISSING) ${x} {{.}} $1 ?"`, "%s %d %!v(MISSING) ${x} {{.}} $1 ?"},
	{`"a\\b\\\\c\/d"`, `a\b\\c/d`},
	{`"\\u0041"`, `\u0041`},
	{`" x "`, " x "},
	{`"  "`, "  "},
	{`"` + "\u00a0x\u3000" + `"`, "\u00a0x\u3000"},
	{`"01067"`, "01067"},
	{`"1e3"`, "1e3"},
	{`"true"`, "true"},
	{`"{}"`, "{}"},
	{`"ß SS ſ İ ı"`, "ß SS ſ İ ı"},
	{`"אבג"`, "אבג"},
}

// A text comes back exactly, in every attribute that accepts any text. The answer is
// decoded by another decoder than in the other tests.
func TestLossless(t *testing.T) {
	for _, tt := range losslessTests {
		t.Run(tt.literal, func(t *testing.T) {
			for _, where := range []string{"firstName", "lastName", "locality", "street", "houseNo", "additionalAddressLink", "region", "postalCode"} {
				attributes := `{"` + where + `":` + tt.literal + `}`
				if !strings.HasSuffix(where, "Name") {
					attributes = `{"address":` + attributes + `}`
				}
				got := openEndpoint().patch(t, attributes)
				if got.status != 200 {
					t.Fatalf("%s: status %d", where, got.status)
				}
				members := decodeAny(t, got.body).(map[string]any)["data"].(map[string]any)["attributes"].(map[string]any)
				if !strings.HasSuffix(where, "Name") {
					members = members["address"].(map[string]any)
				}
				if d := cmp.Diff(any(tt.text), members[where]); d != "" {
					t.Errorf("%s (-want +got):\n%s", where, d)
				}
			}
		})
	}
}

// A number comes back as the same number, and a date as the same text.
func TestLosslessBytes(t *testing.T) {
	for _, member := range []string{
		`"houseNo":0`, `"houseNo":18`, `"houseNo":"18"`, `"houseNo":9007199254740991`, `"houseNo":100`,
		`"postalCode":1067`, `"postalCode":"01067"`, `"postalCode":76131`, `"postalCode":"76131"`, `"postalCode":"SW1A 1AA"`,
		`"birthDate":"1997-07-21"`, `"birthDate":"1997-07-21T00:00:00.000Z"`, `"birthDate":"1997-07-21T00:00:00Z"`,
		`"birthDate":"1997-07-21T02:00:00+02:00"`, `"birthDate":"1997"`, `"birthDate":"0000-07-21"`, `"birthDate":"0000-02-29"`, `"birthDate":"2024-02-29"`,
		`"locale":"de-DE"`, `"locale":"DE-de"`, `"locale":"en_US"`, `"locale":"iw"`, `"locale":"zh-cmn-Hans-CN"`,
		`"zoneInfo":"Europe/Berlin"`, `"zoneInfo":"US/Eastern"`, `"zoneInfo":"Asia/Calcutta"`,
		`"phoneNumber":"+1 (425) 555-1212"`, `"phoneNumber":"0721.555/12"`, `"phoneNumber":"+49721555;ext=12"`,
		`"email":"John.Smith+tag@Example.COM"`, `"pictureUrl":"HTTPS://Example.com:443/a%2fb/../c?q=%C3%A9#f"`,
	} {
		attributes := `{` + member + `}`
		if strings.HasPrefix(member, `"houseNo"`) || strings.HasPrefix(member, `"postalCode"`) {
			attributes = `{"address":{` + member + `}}`
		}
		got := openEndpoint().patch(t, attributes)
		if got.status != 200 || !strings.Contains(compact(t, got.body), member) {
			t.Errorf("%s: status %d, body %s", member, got.status, got.body)
		}
	}
}

// A client may send back the whole record. Its createdAt must be the stored instant, in
// any spelling.
func TestCreatedAt(t *testing.T) {
	tests := []struct {
		literal string
		ok      bool
	}{
		{`"2021-09-01T23:12:56Z"`, true},
		{`"2021-09-01T23:12:56+00:00"`, true},
		{`"2021-09-01T23:12:56-00:00"`, true},
		{`"2021-09-01T23:12:56.000Z"`, true},
		{`"2021-09-01T23:12:56.000000000Z"`, true},
		{`"2021-09-02T01:12:56+02:00"`, true},
		{`"2021-09-01T18:12:56.0-05:00"`, true},
		{`"2021-09-01t23:12:56z"`, true}, // RFC 3339, section 5.6
		{`"\u0032021-09-01T23:12:56Z"`, true},

		{`"2021-09-01T23:12:57Z"`, false},
		{`"2021-09-01T23:12:56.000001Z"`, false},
		{`"2021-09-01T23:12:56.000000001Z"`, false},
		{`"2021-09-01T23:12:56+02:00"`, false},
		{`"2001-01-01T00:00:00Z"`, false},
		{`"2021-09-01T23:12:56"`, false},
		{`"2021-09-01"`, false},
		{`"2021-09-01 23:12:56Z"`, false},
		{`"2021-09-01T23:12:56,000Z"`, false},
		{`" 2021-09-01T23:12:56Z"`, false},
		{`"2021-09-01T23:12:56Z "`, false},
		{`"2021-9-1T23:12:56Z"`, false},
		{`"1630537976"`, false},
		{`1630537976`, false},
		{`""`, false},
		{`null`, false},
		{`true`, false},
		{`{}`, false},
		{`[]`, false},
	}
	for _, tt := range tests {
		t.Run(tt.literal, func(t *testing.T) {
			for _, attributes := range []string{
				`{"createdAt":` + tt.literal + `,"firstName":"Jane"}`,
				`{"firstName":"Jane","createdAt":` + tt.literal + `}`,
			} {
				e := openEndpoint()
				want, places := 200, []string{}
				if !tt.ok {
					want, places = 422, []string{"pointer /data/attributes/createdAt"}
				}
				got := e.patch(t, attributes)
				if d := cmp.Diff(places, got.places()); got.status != want || d != "" {
					t.Errorf("status %d, want %d; places (-want +got):\n%s", got.status, want, d)
				}
				if user := e.exampleUser(t); !user.CreatedAt.Equal(userstore.ExampleUser().CreatedAt) {
					t.Error("createdAt changed")
				}
			}
		})
	}
}

// The handler accepts createdAt as it writes it.
func TestCreatedAtEcho(t *testing.T) {
	for _, fraction := range []time.Duration{0, time.Microsecond, 120 * time.Millisecond, 999999 * time.Microsecond} {
		user := userstore.ExampleUser()
		user.ID = uuid.New()
		user.CreatedAt = user.CreatedAt.Add(fraction)
		e := openEndpoint()
		_, err := e.store.Create(t.Context(), user)
		require.NoError(t, err)
		send := func(body string) reply {
			r := exampleRequest(body)
			r.URL.Path = "/users/" + user.ID.String()
			return e.send(t, r)
		}
		first := send(`{"data":{"type":"User","id":"` + user.ID.String() + `"}}`)
		second := send(string(first.body))
		if second.status != 200 || !bytes.Equal(first.body, second.body) || !second.record.Attributes.CreatedAt.Equal(user.CreatedAt) {
			t.Errorf("%v: status %d; %s is answered by %s", fraction, second.status, first.body, second.body)
		}
	}
}

// An id in upper case, in the path or in the document, is the same id. The record has it
// in lower case.
func TestUpperCaseID(t *testing.T) {
	upper := strings.ToUpper(handlertest.ExampleID)
	for _, path := range []string{handlertest.ExampleID, upper, "C0DAF39B-4df5-4241-9E7D-b1b85f829090"} {
		for _, id := range []string{handlertest.ExampleID, upper} {
			e := openEndpoint()
			r := exampleRequest(strings.ReplaceAll(document(`{"firstName":"Jane"}`), handlertest.ExampleID, id))
			r.URL.Path = "/users/" + path
			got := e.send(t, r)
			if got.status != 200 || got.record.ID != handlertest.ExampleID || e.exampleUser(t).Attributes.FirstName != text("Jane") {
				t.Errorf("path %s, document %s: status %d, id %s", path, id, got.status, got.record.ID)
			}
		}
	}
}
