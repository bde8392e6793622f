package userstore_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/userstore"
)

func TestOptionalStates(t *testing.T) {
	tests := []struct {
		name         string
		o            userstore.Optional[string]
		value        string
		ok           bool
		zero, isNull bool
	}{
		{"zero value", userstore.Optional[string]{}, "", false, true, false},
		{"null", userstore.Null[string](), "", false, false, true},
		{"value", userstore.Value("x"), "x", true, false, false},
		{"zero value of the type", userstore.Value(""), "", true, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			value, ok := tt.o.Get()
			if value != tt.value || ok != tt.ok {
				t.Errorf("Get() = %q, %t; want %q, %t", value, ok, tt.value, tt.ok)
			}
			if got := tt.o.IsZero(); got != tt.zero {
				t.Errorf("IsZero() = %t, want %t", got, tt.zero)
			}
			if got := tt.o.IsNull(); got != tt.isNull {
				t.Errorf("IsNull() = %t, want %t", got, tt.isNull)
			}
		})
	}
}

func TestOptionalCompares(t *testing.T) {
	// All differ from one another, and each equals another one made in the same way.
	build := func() []userstore.Optional[string] {
		return []userstore.Optional[string]{{}, userstore.Null[string](), userstore.Value(""), userstore.Value("a"), userstore.Value("b")}
	}
	for i, a := range build() {
		for j, b := range build() {
			if (a == b) != (i == j) {
				t.Errorf("number %d == number %d is %t", i, j, a == b)
			}
		}
	}
}

func TestOptionalJSON(t *testing.T) {
	tests := []struct {
		name, json string
		attributes userstore.Attributes
	}{
		{"omitted", `{}`, userstore.Attributes{}},
		{"null", `{"firstName":null}`, userstore.Attributes{FirstName: userstore.Null[string]()}},
		{"empty text", `{"firstName":""}`, userstore.Attributes{FirstName: userstore.Value("")}},
		{"text null", `{"firstName":"null"}`, userstore.Attributes{FirstName: userstore.Value("null")}},
		{"nothing trimmed", `{"firstName":" Zoë "}`, userstore.Attributes{FirstName: userstore.Value(" Zoë ")}},
		{"null address", `{"address":null}`, userstore.Attributes{Address: userstore.Null[userstore.Address]()}},
		{"empty address", `{"address":{}}`, userstore.Attributes{Address: userstore.Value(userstore.Address{})}},
		{"null in the address", `{"address":{"houseNo":null}}`, userstore.Attributes{Address: userstore.Value(userstore.Address{
			HouseNo: userstore.Null[userstore.TextOrInt](),
		})}},
		{"numbers and texts", `{"address":{"houseNo":18,"postalCode":"01067"}}`, userstore.Attributes{Address: userstore.Value(userstore.Address{
			HouseNo:    userstore.Value(userstore.Int(18)),
			PostalCode: userstore.Value(userstore.Text("01067")),
		})}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			encoded, err := json.Marshal(tt.attributes)
			require.NoError(t, err)
			if d := diff(tt.json, string(encoded)); d != "" {
				t.Errorf("encoded (-want +got):\n%s", d)
			}
			var decoded userstore.Attributes
			require.NoError(t, json.Unmarshal([]byte(tt.json), &decoded))
			if d := diff(tt.attributes, decoded); d != "" {
				t.Errorf("decoded (-want +got):\n%s", d)
			}
		})
	}
}

// Every attribute survives a round trip through JSON, under the name in its tag.
func TestAttributesJSONRoundTrip(t *testing.T) {
	for _, a := range []userstore.Attributes{full(""), full("é\u2028<>&")} {
		encoded, err := json.Marshal(a)
		require.NoError(t, err)
		var decoded userstore.Attributes
		require.NoError(t, json.Unmarshal(encoded, &decoded))
		if d := diff(a, decoded); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}

// Without omitzero an omitted member still becomes valid JSON.
func TestOptionalOmittedEncodesAsNull(t *testing.T) {
	got, err := json.Marshal(struct{ O userstore.Optional[string] }{})
	require.NoError(t, err)
	if want := `{"O":null}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOptionalDecodeReplaces(t *testing.T) {
	o := userstore.Value(userstore.Address{Street: userstore.Value("old")})
	require.NoError(t, json.Unmarshal([]byte(`{"region":"new"}`), &o))
	want := userstore.Value(userstore.Address{Region: userstore.Value("new")})
	if d := diff(want, o); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	require.NoError(t, json.Unmarshal([]byte(`null`), &o))
	// == also notices a value left behind a null.
	if o != userstore.Null[userstore.Address]() {
		t.Error("null does not equal Null()")
	}
}

func TestOptionalDecodeErrorChangesNothing(t *testing.T) {
	for _, before := range []userstore.Optional[string]{{}, userstore.Null[string](), userstore.Value("old")} {
		for _, bad := range []string{`1`, `true`, `{}`, `[]`, `["x"]`} {
			o := before
			if err := json.Unmarshal([]byte(bad), &o); err == nil {
				t.Errorf("%s: no error", bad)
			}
			if d := diff(before, o); d != "" {
				t.Errorf("%s (-want +got):\n%s", bad, d)
			}
		}
	}
	// The first member is valid, but half an address must not stay either.
	before := userstore.Value(userstore.Address{Street: userstore.Value("old")})
	o := before
	if err := json.Unmarshal([]byte(`{"street":"new","region":7}`), &o); err == nil {
		t.Error("no error")
	}
	if d := diff(before, o); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// go-cmp calls Equal; without it, it would panic at the unexported fields.
func TestEqual(t *testing.T) {
	a, b := userstore.ExampleUser(), userstore.ExampleUser()
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	b.Attributes.Address = userstore.Value(userstore.Address{Street: userstore.Value("Other")})
	if cmp.Diff(a, b) == "" {
		t.Error("a difference in the address is not seen")
	}
}
