package userstore_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

const canaryNumber int64 = 4711000815

// canaryUser has a distinct value in every attribute, so that a leak of any of them can
// be found.
func canaryUser() userstore.User {
	u := userstore.User{ID: pageID}
	for i, s := range allScalars {
		u.Attributes = s.with(u.Attributes, canary(i))
	}
	return u
}

func canary(i int) string { return fmt.Sprintf("canary%02d", i) }

// leaked returns the canary in the text, in any form that a verb of fmt may give it, or
// "".
func leaked(text string) string {
	text = strings.ToLower(text)
	forms := []string{fmt.Sprint(canaryNumber), strconv.FormatInt(canaryNumber, 16), hex.EncodeToString([]byte(fmt.Sprint(canaryNumber)))}
	for i := range allScalars {
		c := canary(i)
		forms = append(forms, c, hex.EncodeToString([]byte(c)), strings.Trim(fmt.Sprint([]byte(c)), "[]"), strings.ToLower(fmt.Sprintf("% x", c)))
	}
	for _, form := range forms {
		if strings.Contains(text, form) {
			return form
		}
	}
	return ""
}

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%X", "% x", "%#q", "%+q", "%c", "%U", "%t", "%T", "%20v", "%z", "no verb"}

// printed returns the value in every form of fmt and slog that must not show personal
// data. slog's JSON handler encodes whatever is no LogValuer, as documented.
func printed(value any, valuer bool) map[string]string {
	all := map[string]string{}
	for _, verb := range verbs {
		all[verb] = fmt.Sprintf(verb, value)
	}
	all["Sprint"] = fmt.Sprint(value)
	var text, json bytes.Buffer
	log := func(h slog.Handler) {
		slog.New(h).Info("m", slog.Any("k", value), slog.Group("g", slog.Any("k", value)))
		slog.New(h).With("k", value).WithGroup("g").Info("m", "k", value)
	}
	log(slog.NewTextHandler(&text, nil))
	all["text handler"] = text.String()
	if valuer {
		log(slog.NewJSONHandler(&json, nil))
		all["JSON handler"] = json.String()
	}
	return all
}

func TestNothingLeaks(t *testing.T) {
	u := canaryUser()
	a := u.Attributes
	address, _ := a.Address.Get()
	text, number := userstore.Text(canary(0)), userstore.Int(canaryNumber)
	type holder struct {
		User      userstore.User
		A         userstore.Attributes
		Address   userstore.Address
		Name      userstore.Optional[string]
		O         userstore.Optional[userstore.Address]
		HouseNo   userstore.TextOrInt
		Anything  any
		Pointer   *userstore.User
		Interface fmt.Formatter
	}
	held := holder{u, a, address, a.FirstName, a.Address, text, u, &u, u}
	var none *userstore.User
	tests := []struct {
		name   string
		value  any
		valuer bool // a LogValuer, so the JSON handler calls it
	}{
		{"User", u, true}, {"*User", &u, true}, {"nil *User", none, true},
		{"Attributes", a, true}, {"*Attributes", &a, true},
		{"Scalars", a.Scalars(), true}, {"*Scalars", new(a.Scalars()), true},
		{"Address", address, true}, {"*Address", &address, true},
		{"Optional[string]", a.FirstName, true}, {"*Optional[string]", &a.FirstName, true},
		{"Optional[Address]", a.Address, true},
		{"Optional[TextOrInt]", address.HouseNo, true},
		{"Optional[TextOrInt] of a number", userstore.Value(number), true},
		{"TextOrInt text", text, true}, {"TextOrInt number", number, true}, {"*TextOrInt", &number, true},
		{"[]User", []userstore.User{u, u}, false}, {"[]*User", []*userstore.User{&u}, false}, {"[1]User", [1]userstore.User{u}, false},
		{"map by name", map[string]userstore.User{"k": u}, false}, {"map by user", map[userstore.User]bool{u: true}, false},
		{"struct", held, false}, {"*struct", &held, false}, {"[]struct", []holder{held}, false}, {"[]any", []any{u, a, address, number}, false},
	}
	for _, tt := range tests {
		for form, text := range printed(tt.value, tt.valuer) {
			if c := leaked(text); c != "" {
				t.Errorf("%s, %s shows %s: %s", tt.name, form, c, text)
			}
		}
	}
}

// The check works: it finds the values of a plain struct in every form.
func TestPlantedLeakIsFound(t *testing.T) {
	type plain struct{ Name string }
	for i := range allScalars {
		for name, value := range map[string]any{"struct": plain{canary(i)}, "slice": []string{canary(i)}} {
			for form, text := range printed(value, true) {
				// %T shows only the type.
				if form != "%T" && leaked(text) == "" {
					t.Errorf("%s, %s passes: %s", name, form, text)
				}
			}
		}
	}
	for _, number := range []string{fmt.Sprint(canaryNumber), fmt.Sprintf("%x", canaryNumber), fmt.Sprintf("%x", fmt.Sprint(canaryNumber))} {
		if leaked(number) == "" {
			t.Errorf("the number passes as %s", number)
		}
	}
}

// They show what is documented.
func TestRedactedText(t *testing.T) {
	u := canaryUser()
	address, _ := u.Attributes.Address.Get()
	const names = "Attributes[firstName lastName email phoneNumber pictureUrl gender birthDate address locale zoneInfo]"
	cleared := userstore.Attributes{Email: userstore.Null[string]()}
	tests := []struct {
		value any
		want  string
	}{
		{u, "User c0daf39b-4df5-4241-9e7d-b1b85f829090 " + names},
		{&u, "User c0daf39b-4df5-4241-9e7d-b1b85f829090 " + names},
		{userstore.User{}, "User 00000000-0000-0000-0000-000000000000 Attributes[]"},
		{u.Attributes, names},
		{cleared, "Attributes[email]"},
		{u.Attributes.Scalars(), names},
		{address, "Address[country locality street houseNo additionalAddressLink region postalCode]"},
		{userstore.Address{}, "Address[]"},
		{userstore.Value("x"), "value"},
		{userstore.Value(""), "value"},
		{userstore.Null[string](), "null"},
		{userstore.Optional[userstore.Address]{}, "omitted"},
		{u.Attributes.Address, "value"},
		{userstore.Text("18"), "text"},
		{userstore.Int(18), "integer"},
	}
	for _, tt := range tests {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%-3.1v"} {
			if d := diff(tt.want, fmt.Sprintf(verb, tt.value)); d != "" {
				t.Errorf("%s (-want +got):\n%s", verb, d)
			}
		}
		if got := tt.value.(slog.LogValuer).LogValue(); got.Kind() != slog.KindString || got.String() != tt.want {
			t.Errorf("LogValue() = %v, want the text %q", got, tt.want)
		}
	}
}
