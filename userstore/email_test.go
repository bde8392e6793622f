package userstore_test

import (
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// emails are addresses and which of the two grammars accept them, written by hand.
var emails = []struct {
	address  string
	addrSpec bool // of RFC 5322
	browser  bool // of the HTML standard
}{
	{"user@example.com", true, true},
	{"a@b", true, true},
	{"first.last+tag@sub.example.com", true, true},
	{"!#$%&'*+-/=?^_`{|}~@example.com", true, true},
	{"user@xn--bcher-kva.example", true, true},
	{"1@2.3", true, true},
	{strings.Repeat("a", 65) + "@example.com", true, true},
	{"a@" + strings.Repeat("b", 63) + ".com", true, true},

	{"a..b@docomo.ne.jp", false, true},
	{".a@docomo.ne.jp", false, true},
	{"a.@docomo.ne.jp", false, true},
	{"a...@ezweb.ne.jp", false, true},
	{"-.-@ezweb.ne.jp", true, true},
	{".@ezweb.ne.jp", false, true},
	{"a..b@" + strings.Repeat("c", 63) + ".jp", false, true},
	{"a..b@c-d.jp", false, true},
	{"AZ..az@AZ-az09.jp", false, true}, // the ends of the ranges

	{`""@example.org`, true, false},
	{`" "@example.org`, true, false},
	{`"john smith"@example.org`, true, false},
	{`"a..b"@example.org`, true, false},
	{`"a@b"@example.org`, true, false},
	{`"(<[,;:]>)"@example.org`, true, false},
	{`"a\"b\\c\ d\e"@example.org`, true, false},
	{`"zoë"@example.org`, true, false},
	{`"\ë"@example.org`, true, false},
	{"zoë@example.com", true, false},
	{"用户@例え.jp", true, false},
	{"δοκιμή@παράδειγμα.δοκιμή", true, false},
	{"a@b_c", true, false},
	{"a@-b", true, false},
	{"a@b-.c", true, false},
	{"a@" + strings.Repeat("b", 64) + ".com", true, false},
	{"user@[192.0.2.1]", true, false},
	{"user@[IPv6:2001:db8::1]", true, false},
	{"user@[ipv6:::1]", true, false},
	{"user@[IPv6:::ffff:192.0.2.1]", true, false},
	{"user@[2001:db8::1]", true, false},
	{`""@[IPv6:::]`, true, false},

	{"", false, false},
	{"user", false, false},
	{"@", false, false},
	{"user@", false, false},
	{"@example.com", false, false},
	{"a@b@example.com", false, false},
	{"user@@example.com", false, false},
	{"a@.b", false, false},
	{"a@b.", false, false},
	{"a@b..c", false, false},
	{"zo..ë@example.com", false, false},
	{"a..b@例え.jp", false, false},
	{"a..b@" + strings.Repeat("c", 64) + ".jp", false, false},
	{"a..b@-c.jp", false, false},
	{"a..b@c-.jp", false, false},
	{"a..b@c_d.jp", false, false},
	{"a..b@", false, false},
	{"a..b@c..jp", false, false},
	{"a..b@[192.0.2.1]", false, false},
	{`"a@example.com`, false, false},
	{`a"@example.com`, false, false},
	{`"a"b@example.com`, false, false},
	{`"a"."b"@example.com`, false, false}, // obsolete
	{`"a"b"@example.com`, false, false},
	{`"a\"@example.com`, false, false},
	{`a\@b@example.com`, false, false},
	{"us er@example.com", false, false},
	{" user@example.com", false, false},
	{"user@example.com ", false, false},
	{"user @example.com", false, false},
	{"user@ example.com", false, false},
	{`"a" @example.com`, false, false},
	{"user@[]", false, false},
	{"user@[nowhere]", false, false}, // not an Internet address
	{"user@[192.0.2]", false, false},
	{"user@[192.0.2.256]", false, false},
	{"user@[IPv6:192.0.2.1]", false, false},
	{"user@[IPv6:]", false, false},
	{"user@[IPv6:2001:db8::1::2]", false, false},
	{"user@[IPv6:2001:db8:::1]", false, false},
	{"user@[IPv6:12345::]", false, false},
	{"user@[IPv6:fe80::1%eth0]", false, false},
	{"user@[IPv6:2001:db8::1", false, false},
	{"user@IPv6:2001:db8::1", false, false},
	{"user@[IPv6:IPv6:::1]", false, false},
	{"user@[192.0.2.1].example", false, false},
	{"user(comment)@example.com", false, false},
	{"user@example.com(comment)", false, false},
	{"User <user@example.com>", false, false},
	{"<user@example.com>", false, false},
	{"a@example.com,b@example.com", false, false},
	{"a@example.com;b@example.com", false, false},
	{"mailto:user@example.com", false, false},
	{"a@b\u00a0", false, false},
	{"a@b\u3000c", false, false},
	{"a\u2028b@c", false, false},
	{"\ufeffa@b", false, false},
	{"a@b\u200b", false, false},
	{"\"a\u00adb\"@c", false, false},
	{"\"\\\u202e\"@c", false, false},
	{"\"a\tb\"@c", false, false},
	{"\"a\r\n b\"@c", false, false},
	{"a\x7f@b", false, false},
	{"a\u0085@b", false, false},
}

// htmlEmail is the expression of the HTML standard, section 4.10.5.1.5.
var htmlEmail = regexp.MustCompile("^[a-zA-Z0-9.!#$%&'*+\\/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$")

// rfcEmail are the rules of RFC 5322 and, where they end in UTF8-non-ascii, RFC
// 6532, without blank and invisible characters.
var rfcEmail = func() *regexp.Regexp {
	const (
		nonASCII = `[[:^ascii:]]`
		atext    = "(?:[A-Za-z]|[0-9]|[!#$%&'*]|[+]|-|/|[=?^_`{|}~]|" + nonASCII + ")"
		dotAtom  = atext + `+(?:[.]` + atext + `+)*`
		vchar    = `[\x21-\x7e]`
		qtext    = `(?:\x21|[\x23-\x5b]|[\x5d-\x7e]|` + nonASCII + `)`
		pair     = `\\(?:` + vchar + `| |` + nonASCII + `)`
		quoted   = `"(?: *(?:` + qtext + `|` + pair + `))* *"`
		dtext    = `[\x21-\x5a\x5e-\x7e]`
	)
	return regexp.MustCompile(`^(?:` + dotAtom + `|` + quoted + `)@(?:` + dotAtom + `|\[(` + dtext + `*)\])$`)
}()

var notVisible = regexp.MustCompile(`[\p{Zs}\p{Zl}\p{Zp}\p{Cf}\p{Cc}]`)

func isRFCEmail(s string) bool {
	m := rfcEmail.FindStringSubmatch(s)
	if m == nil || notVisible.MatchString(strings.ReplaceAll(s, " ", "")) {
		return false
	}
	if !strings.HasSuffix(s, "]") {
		return true
	}
	literal := regexp.MustCompile(`^(?i:IPv6:)`).ReplaceAllString(m[1], "")
	return net.ParseIP(literal) != nil && (literal == m[1] || strings.Contains(literal, ":"))
}

func isEmail(s string) bool { return userstore.DefaultRules().Email.Valid(s) }

func TestEmailGrammars(t *testing.T) {
	for _, tt := range emails {
		if got := isRFCEmail(tt.address); got != tt.addrSpec {
			t.Errorf("%q is an addr-spec for the test: %t", tt.address, got)
		}
		if got := htmlEmail.MatchString(tt.address); got != tt.browser {
			t.Errorf("%q is valid for the HTML standard: %t", tt.address, got)
		}
		if got, want := isEmail(tt.address), tt.addrSpec || tt.browser; got != want {
			t.Errorf("%q is taken: %t, want %t", tt.address, got, want)
		}
	}
}

// TestEmailGrammarsAtRandom changes a few characters of the addresses above.
func TestEmailGrammarsAtRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	chars := []rune("aZ09.@+_-\"\\ ()<>[]:;,!#{|}~\x00\t\x7f\u0085é用\u00a0\u200bIPv6:::")
	taken := 0
	const texts = 30_000
	for range texts {
		s := []rune(emails[random.IntN(len(emails))].address)
		for range random.IntN(4) {
			from := random.IntN(len(s) + 1)
			to := min(len(s), from+random.IntN(2))
			s = append(append(append([]rune(nil), s[:from]...), chars[random.IntN(len(chars))]), s[to:]...)
		}
		if compareEmail(t, string(s)) {
			taken++
		}
	}
	if taken < texts/10 {
		t.Errorf("%d of %d are taken", taken, texts)
	}
}

// FuzzEmail does the same with any text.
func FuzzEmail(f *testing.F) {
	for _, tt := range emails {
		f.Add(tt.address)
	}
	f.Fuzz(func(t *testing.T, s string) { compareEmail(t, strings.ToValidUTF8(s, "?")) })
}

func compareEmail(t *testing.T, s string) bool {
	t.Helper()
	got, want := isEmail(s), isRFCEmail(s) || htmlEmail.MatchString(s)
	if got != want {
		t.Errorf("%q is taken: %t, want %t", s, got, want)
	}
	return got
}
