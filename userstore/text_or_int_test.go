package userstore_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/userstore"
)

func TestTextOrIntKeepsItsJSONForm(t *testing.T) {
	tests := []struct {
		json  string
		value userstore.TextOrInt
		text  string
		isInt bool
	}{
		{`"18"`, userstore.Text("18"), "18", false},
		{`18`, userstore.Int(18), "18", true},
		{`"01067"`, userstore.Text("01067"), "01067", false},
		{`76131`, userstore.Int(76131), "76131", true},
		{`0`, userstore.Int(0), "0", true},
		{`9007199254740991`, userstore.Int(userstore.MaxInt), "9007199254740991", true},
		{`""`, userstore.TextOrInt{}, "", false},
		{`"-1"`, userstore.Text("-1"), "-1", false},
		{`"1e3"`, userstore.Text("1e3"), "1e3", false},
		{`"18a é"`, userstore.Text("18a é"), "18a é", false},
	}
	for _, tt := range tests {
		t.Run(tt.json, func(t *testing.T) {
			var decoded userstore.TextOrInt
			require.NoError(t, json.Unmarshal([]byte(tt.json), &decoded))
			if d := diff(tt.value, decoded); d != "" {
				t.Errorf("decoded (-want +got):\n%s", d)
			}
			encoded, err := json.Marshal(tt.value)
			require.NoError(t, err)
			if d := diff(tt.json, string(encoded)); d != "" {
				t.Errorf("encoded (-want +got):\n%s", d)
			}
			if decoded.Text() != tt.text || decoded.IsInt() != tt.isInt {
				t.Errorf("Text(), IsInt() = %q, %t; want %q, %t", decoded.Text(), decoded.IsInt(), tt.text, tt.isInt)
			}
		})
	}
}

func TestTextOrIntCompares(t *testing.T) {
	if userstore.Text("18") == userstore.Int(18) {
		t.Error(`"18" equals 18`)
	}
	for _, v := range []userstore.TextOrInt{userstore.Int(18), userstore.Text("18")} {
		if again := v; again != v {
			t.Errorf("%s differs from itself", v.Text())
		}
	}
}

func TestParseInt(t *testing.T) {
	good := map[string]int64{
		"0": 0, "1": 1, "9": 9, "10": 10, "18": 18, "76131": 76131,
		"9007199254740990": 1<<53 - 2, "9007199254740991": 1<<53 - 1,
	}
	for literal, n := range good {
		got, err := userstore.ParseInt(literal)
		if err != nil || got != userstore.Int(n) {
			t.Errorf("%s: %s", literal, diff(userstore.Int(n), got))
		}
	}
	bad := []string{
		"", "-0", "-1", "+1", "01", "00", "1.0", "1.", ".5", "1e3", "1E3", "0x1", "1_0", " 1", "1 ", "1\n", "abc", "null", "٣",
		"9007199254740992", "18446744073709551615", "18446744073709551616", "99999999999999999999999999",
	}
	for _, literal := range bad {
		if got, err := userstore.ParseInt(literal); err == nil || got != (userstore.TextOrInt{}) {
			t.Errorf("%q is taken, or a value comes with the error", literal)
		}
	}
}

func TestTextOrIntDecodeErrorChangesNothing(t *testing.T) {
	for _, bad := range []string{`-1`, `1.0`, `1e3`, `9007199254740992`, `true`, `{}`, `[1]`} {
		v := userstore.Int(18)
		if err := json.Unmarshal([]byte(bad), &v); err == nil {
			t.Errorf("%s: no error", bad)
		}
		if v != userstore.Int(18) {
			t.Errorf("%s changed the value", bad)
		}
	}
	// Called directly, with what is not JSON, it must not panic either.
	for _, bad := range []string{``, `"`, `"\x"`} {
		v := userstore.Int(18)
		if err := v.UnmarshalJSON([]byte(bad)); err == nil || v != userstore.Int(18) {
			t.Errorf("%q: taken, or changed the value", bad)
		}
	}
}

// Int accepts any int64; Check refuses what is out of range.
func TestIntOutsideTheLimitsIsRefused(t *testing.T) {
	const reason = "must be an integer from 0 to 9007199254740991, without sign, fraction or exponent"
	tests := []struct {
		n  int64
		ok bool
	}{
		{0, true}, {1<<53 - 1, true},
		{-1, false}, {1 << 53, false}, {math.MinInt64, false}, {math.MaxInt64, false},
	}
	for _, tt := range tests {
		v := userstore.Value(userstore.Int(tt.n))
		err := userstore.Attributes{Address: userstore.Value(userstore.Address{HouseNo: v, PostalCode: v})}.Check()
		var want []userstore.Problem
		if !tt.ok {
			want = []userstore.Problem{{Pointer: "/address/houseNo", Reason: reason}, {Pointer: "/address/postalCode", Reason: reason}}
		}
		if d := diff(want, problems(t, err)); d != "" {
			t.Errorf("%d (-want +got):\n%s", tt.n, d)
		}
	}
}
