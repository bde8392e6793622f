package userstore_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/userstore"
)

func TestValidateReportsAllInPageOrder(t *testing.T) {
	bad := full("!") // no format accepts "/email!" and the like
	want := []string{"/email", "/phoneNumber", "/pictureUrl", "/gender", "/birthDate", "/address/country", "/locale", "/zoneInfo"}
	if d := diff(want, pointers(t, userstore.DefaultRules().Validate(bad))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// A rule for every scalar gets a problem for every pointer.
	all := rulesOf(userstore.Rule{Want: "nothing", Valid: func(string) bool { return false }})
	if d := diff(pageOrder, pointers(t, all.Validate(full("")))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// rulesOf returns the same rule for every scalar.
func rulesOf(rule userstore.Rule) *userstore.Rules {
	var r userstore.Rules
	for _, field := range reflect.ValueOf(&r).Elem().Fields() {
		field.Set(reflect.ValueOf(rule))
	}
	return &r
}

func TestValidateReasons(t *testing.T) {
	patch := userstore.Attributes{
		FirstName: userstore.Value("a\x00"),
		Email:     userstore.Value("nobody"),
		Gender:    userstore.Value("\xff"), // only one problem for each member: the check comes first
		Locale:    userstore.Value(strings.Repeat("x", 1025)),
		ZoneInfo:  userstore.Value("UTC"),
		Address: userstore.Value(userstore.Address{
			Country: userstore.Value("Germany"),
			HouseNo: userstore.Value(userstore.Int(-1)),
		}),
	}
	want := []userstore.Problem{
		{Pointer: "/firstName", Reason: "must not contain the control character U+0000"},
		{Pointer: "/email", Reason: "must be one e-mail address (RFC 5322 addr-spec, or as a browser's e-mail field takes it)"},
		{Pointer: "/gender", Reason: "must be valid UTF-8"},
		{Pointer: "/address/country", Reason: "must be a country code of two upper-case letters (ISO 3166-1 alpha-2)"},
		{Pointer: "/address/houseNo", Reason: "must be an integer from 0 to 9007199254740991, without sign, fraction or exponent"},
		{Pointer: "/locale", Reason: "must not be longer than 1024 code points"},
	}
	if d := diff(want, problems(t, userstore.DefaultRules().Validate(patch))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestValidatePasses(t *testing.T) {
	var nulls userstore.Attributes
	for _, s := range allScalars {
		nulls = s.withNull(nulls)
	}
	for name, a := range map[string]userstore.Attributes{
		"nothing":       {},
		"nulls":         nulls,
		"null address":  {Address: userstore.Null[userstore.Address]()},
		"empty address": {Address: userstore.Value(userstore.Address{})},
	} {
		if err := userstore.DefaultRules().Validate(a); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestZeroRulesAcceptAnyFormat(t *testing.T) {
	var r userstore.Rules
	for _, a := range []userstore.Attributes{full(""), full("!\u2028\uFFFD"), only("/email", "")} {
		if err := r.Validate(a); err != nil {
			t.Error(err)
		}
	}
	// The fixed check remains without rules.
	if got := pointers(t, r.Validate(only("/email", "\x00"))); len(got) != 1 {
		t.Errorf("got %v, want /email", got)
	}
}

// Each field of Rules belongs to the scalar of its name.
func TestHostChangesOneRule(t *testing.T) {
	for _, s := range allScalars {
		rules := userstore.Rules{}
		rule := userstore.Rule{Want: "what the host wants", Valid: func(v string) bool { return v == "wanted" }}
		reflect.ValueOf(&rules).Elem().FieldByName(s.field).Set(reflect.ValueOf(rule))
		if err := rules.Validate(s.with(full(""), "wanted")); err != nil {
			t.Errorf("%s: %v", s, err)
		}
		want := []userstore.Problem{{Pointer: s.pointer, Reason: "must be what the host wants"}}
		if d := diff(want, problems(t, rules.Validate(full("")))); d != "" {
			t.Errorf("%s (-want +got):\n%s", s, d)
		}
	}
}

func TestDefaultRulesAreACopy(t *testing.T) {
	changed := userstore.DefaultRules()
	changed.Email.Valid = nil
	if err := changed.Validate(only("/email", "nobody")); err != nil {
		t.Errorf("a rule taken away still asks: %v", err)
	}
	require.Error(t, userstore.DefaultRules().Validate(only("/email", "nobody")), "changing a copy has changed the defaults")
}

func TestRuleSeesOnlyCheckedValues(t *testing.T) {
	var seen []string
	rules := rulesOf(userstore.Rule{Want: "anything", Valid: func(v string) bool { seen = append(seen, v); return true }})
	patch := userstore.Attributes{
		FirstName: userstore.Value("é"),
		LastName:  userstore.Value("a\x00"),
		Email:     userstore.Value(strings.Repeat("a", 255)),
		Gender:    userstore.Null[string](),
		BirthDate: userstore.Value("\xff"),
		Address: userstore.Value(userstore.Address{
			HouseNo:    userstore.Value(userstore.Int(18)), // an integer comes as its digits
			Region:     userstore.Null[string](),
			PostalCode: userstore.Value(userstore.Int(-1)),
		}),
		Locale: userstore.Value(""),
	}
	if got, want := pointers(t, rules.Validate(patch)), []string{"/lastName", "/email", "/birthDate", "/address/postalCode"}; diff(want, got) != "" {
		t.Errorf("(-want +got):\n%s", diff(want, got))
	}
	if d := diff([]string{"é", "18", ""}, seen); d != "" {
		t.Errorf("seen (-want +got):\n%s", d)
	}
}

// No error repeats a value.
func TestErrorsNeverHoldTheValue(t *testing.T) {
	const canary = "Kanarienvogel"
	refuseAll := rulesOf(userstore.Rule{Want: "nothing", Valid: func(string) bool { return false }})
	for _, s := range allScalars {
		for _, value := range []string{canary, canary + "\x00", canary + "\xff", canary + strings.Repeat("a", 2048)} {
			a := s.with(userstore.Attributes{}, value)
			for _, err := range []error{a.Check(), userstore.DefaultRules().Validate(a), refuseAll.Validate(a)} {
				if err != nil && strings.Contains(err.Error(), canary) {
					t.Errorf("%s: %v", s, err)
				}
			}
		}
	}
	_, errInt := userstore.ParseInt(canary)
	_, errID := userstore.ParseID(canary)
	_, errTime := userstore.ParseTime(canary)
	for _, err := range []error{errInt, errID, errTime, new(userstore.TextOrInt).UnmarshalJSON([]byte("4711" + canary))} {
		if err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("%v", err)
		}
	}
}
