package userstore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// Every scalar has its limit, in code points rather than bytes.
func TestCheckLimits(t *testing.T) {
	for _, s := range allScalars {
		limit := 1024
		switch s.pointer {
		case "/email":
			limit = 254
		case "/pictureUrl":
			limit = 2048
		}
		tooLong := []userstore.Problem{{Pointer: s.pointer, Reason: fmt.Sprintf("must not be longer than %d code points", limit)}}
		for _, char := range []string{"a", "é", "€", "😀", "\u0301"} {
			t.Run(fmt.Sprintf("%s/%+q", s, char), func(t *testing.T) {
				fits := s.with(userstore.Attributes{}, strings.Repeat(char, limit))
				if d := diff([]userstore.Problem(nil), problems(t, fits.Check())); d != "" {
					t.Errorf("%d code points (-want +got):\n%s", limit, d)
				}
				long := s.with(userstore.Attributes{}, strings.Repeat(char, limit+1))
				if d := diff(tooLong, problems(t, long.Check())); d != "" {
					t.Errorf("%d code points (-want +got):\n%s", limit+1, d)
				}
			})
		}
	}
}

func TestLimitConstants(t *testing.T) {
	got := []int64{userstore.MaxText, userstore.MaxPictureURL, userstore.MaxEmail, userstore.MaxInt}
	if d := diff([]int64{1024, 2048, 254, 9007199254740991}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestCheckCharacters(t *testing.T) {
	const invalid = "must be valid UTF-8"
	control := func(code string) string { return "must not contain the control character U+" + code }
	tests := []struct{ name, value, reason string }{
		{"empty", "", ""},
		{"blanks", "  ", ""},
		{"replacement character", "a\uFFFDb", ""},
		{"replacement character at the end", "\uFFFD", ""},
		{"line separator", "a\u2028b", ""},
		{"no-break space", "a\u00a0b", ""},
		{"emoji", "👩‍👩‍👧🏽", ""},
		{"combining", "e\u0301\u0327", ""},
		{"right to left", "\u202eabc", ""},
		{"soft hyphen", "a\u00adb", ""},
		{"byte order mark", "\ufeffa", ""},
		{"noncharacter", "\uffff\U0010ffff", ""},
		{"private use", "\ue000", ""},
		{"NUL", "a\x00b", control("0000")},
		{"only NUL", "\x00", control("0000")},
		{"tab", "\ta", control("0009")},
		{"newline", "a\n", control("000A")},
		{"carriage return", "a\r\nb", control("000D")},
		{"escape", "\x1b[31m", control("001B")},
		{"last of C0", "\x1f", control("001F")},
		{"DEL", "a\x7f", control("007F")},
		{"first of C1", "\u0080", control("0080")},
		{"next line", "\u0085", control("0085")},
		{"last of C1", "\u009f", control("009F")},
		{"stray continuation byte", "a\x80b", invalid},
		{"cut sequence", "a\xc3", invalid},
		{"overlong NUL", "\xc0\x80", invalid},
		{"surrogate", "\xed\xa0\x80", invalid},
		{"above Unicode", "\xf4\x90\x80\x80", invalid},
		{"Latin-1", "Stra\xdfe", invalid},
		{"invalid after a replacement character", "\uFFFD\xff", invalid},
	}
	// Every scalar is checked, so that none can bypass the check.
	for _, s := range allScalars {
		for _, tt := range tests {
			t.Run(s.pointer+"/"+tt.name, func(t *testing.T) {
				var want []userstore.Problem
				if tt.reason != "" {
					want = []userstore.Problem{{Pointer: s.pointer, Reason: tt.reason}}
				}
				got := problems(t, s.with(userstore.Attributes{}, tt.value).Check())
				if d := diff(want, got); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
			})
		}
	}
}

// pageOrder is written out, because the order of the fields is what it tests.
var pageOrder = []string{
	"/firstName", "/lastName", "/email", "/phoneNumber", "/pictureUrl", "/gender", "/birthDate",
	"/address/country", "/address/locality", "/address/street", "/address/houseNo",
	"/address/additionalAddressLink", "/address/region", "/address/postalCode",
	"/locale", "/zoneInfo",
}

func TestCheckReportsAllInPageOrder(t *testing.T) {
	var a userstore.Attributes
	for _, s := range allScalars {
		a = s.with(a, "\x00")
	}
	if d := diff(pageOrder, pointers(t, a.Check())); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func pointers(t *testing.T, err error) (all []string) {
	t.Helper()
	for _, p := range problems(t, err) {
		all = append(all, p.Pointer)
	}
	return all
}

func TestCheckPasses(t *testing.T) {
	var nulls userstore.Attributes
	for _, s := range allScalars {
		nulls = s.withNull(nulls)
	}
	for name, a := range map[string]userstore.Attributes{
		"nothing":       {},
		"nulls":         nulls,
		"null address":  {Address: userstore.Null[userstore.Address]()},
		"empty address": {Address: userstore.Value(userstore.Address{})},
		"any formats":   full("!"),
	} {
		if err := a.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
