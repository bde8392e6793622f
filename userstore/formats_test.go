package userstore_test

import (
	"strings"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

type format struct {
	pointer   string
	good, bad []string
}

// test asks the default rules, so that the wiring is tested too.
func (f format) test(t *testing.T) {
	rules := userstore.DefaultRules()
	for _, value := range f.good {
		if err := rules.Validate(only(f.pointer, value)); err != nil {
			t.Errorf("%s %q: %v", f.pointer, value, err)
		}
	}
	for _, value := range f.bad {
		if got := pointers(t, rules.Validate(only(f.pointer, value))); diff([]string{f.pointer}, got) != "" {
			t.Errorf("%s %q: refused %q, want the pointer once", f.pointer, value, got)
		}
	}
}

func TestPhoneNumber(t *testing.T) {
	format{"/phoneNumber", []string{
		"+1 (425) 555-1212", "+1 (425) 555-1212;ext=5678", "+4972127660", "112", "0", "0721 / 27 66-0", "(0721) 123", "+49.721.123", "(+49) 721", "0721/123;ext=0", "+49 721;EXT=1",
		"+49 721;ext=12-34", "+49 721;ext=(1).2-", "+1 425 555 0123 ext. 5", "+1 425 555 0123 ext. 00000000000000000001", "0121 234 5678 x5", "(01) 1234567 Anexo 5", "021 123 4567 int 5", "2123 1234 int. 5", "02 2123 4567#5",
	}, []string{
		"", " ", "+", "()", "-", ";ext=1", "1+1", "++49", "+49+1", "+49 721;ext=", "+49 721;ext=a", "+49 721;ext=1;ext=2", "+49 721 ext 5", "+49 721;ext", "+49 721;ext=-", "+49 721;ext=1 2", "+49 721;ext=1/2", "+49 721;ext=+1", "+49 721;isub=1", "+49 721;ext=1;isub=1",
		"721 ext. ", "721 ext. a", "721 ext. 1-2", " ext. 5", "721ext. 5", "721 ext.5", "721 Ext. 5", "721 x", "721 x 5", "721 X5", " x5", "721 x5 x6", "721 x5;ext=6", "721;ext=6 x5", "721 anexo 5", "721 inter 5", "721 int5", "721#", "#5", "721#5#6", "721 ext. ５",
		"tel:+49721", "CALL-ME", "0721x5", "１２３", "٠٧٢١", "0721\u00a0123", "*100#", "+49,721", "+49_721", "0721;123",
	}}.test(t)
}

func TestPictureURL(t *testing.T) {
	format{"/pictureUrl", []string{
		"https://api.pace.cloud/user/img/uztqwenbqw87t123jhg87t6876", "http://example.com", "HTTPS://example.com/a", "Http://example.com",
		"https://example.com:8443/a", "https://192.0.2.1/a", "https://[2001:db8::1]:443/a", "https://example.com/a%20b?x=1&y=%C3%A9#top",
		"https://bücher.example/ü", "https://example.com/a'(b);c,d", "http://localhost", "https://example.com/?", "https://example.com/🙂?q=a/b?c#d/e?f", "https://example.com:65535",
		"http://example.com:", "http://example.com:/", "http://example.com:?a", "https://[2001:db8::1]:/", "https://example.com:00443/", "https://xn--bcher-kva.example:8443/", "https://用户.例え/",
		"https://example.com/\U0001faea", "https://example.com/\u0378", // assigned in Unicode 17, and unassigned: the same in every Go release
	}, []string{
		"", " ", "example.com", "example.com/a.png", "/a.png", "a.png", "//example.com/a.png", "?a", "#a",
		"javascript:alert(1)", "JavaScript://example.com/%0aalert(1)", "data:image/png;base64,AAAA", "ftp://example.com/a", "file:///a.png", "mailto:a@example.com", "blob:https://example.com/1",
		"http:", "http://", "https:///a.png", "https:example.com", "https:/example.com", "https://:443/a", "https://?a", "https://#a", "https://user@/a",
		"https://example.com/a b", " https://example.com", "https://example.com ", "https://exa mple.com",
		"https://example.com:port/", "https://[2001:db8::1", "https://[nowhere]/", "https://example.com/%", "https://example.com/%zz", "https://example.com/#%zz",
		`https://example.com\@evil.example`, "https://example.com/<a>", `https://example.com/"a"`, "https://example.com/{id}", "https://example.com/a|b", "https://example.com/`", "https://example.com/^",
		"http://a/?%zz", "http://a/?%", "http://a/[x]", "http://a?[", "http://a/##", "http://a\u200b.com", "http://a/\u202e", "http://a/\ufeff", "http://a/\u00a0", "http://a:65536/", "http://u:p@a/",
		"http://:/", "http://a:-1/", "http://a:+1/", "http://a:1:2/", "http://a::/", "http://a:99999999999999999999/", "http://a/\ue000", "http://[]/", "http://[::1", "http://[::1%25eth0]/",
	}}.test(t)
}

func TestGender(t *testing.T) {
	format{"/gender", []string{"male", "female", "other"}, []string{
		"", "Male", "FEMALE", "m", "f", "o", "male ", " male", "diverse", "unknown", "null", "fe\u00admale", "mаle", // the a is Cyrillic
	}}.test(t)
}

func TestCountry(t *testing.T) {
	format{"/address/country", []string{"DE", "AT", "US", "GB", "XK", "AA", "ZZ", "EU"}, []string{
		"", "D", "DEU", "de", "De", "dE", "D1", "49", "D ", " DE", "DE ", "Germany", "ÄÖ", "Ä", "[A", "A[", "@A", "A@", "1A", "aA", "ДЕ",
	}}.test(t)
}

func TestZoneInfo(t *testing.T) {
	format{"/zoneInfo", []string{
		"Europe/Berlin", "UTC", "GMT", "Etc/GMT+1", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "America/New_York", "Pacific/Auckland",
		"US/Pacific", "Asia/Calcutta", "Europe/Kiev", "Zulu", "Etc/UTC", // links
	}, []string{
		"", " ", "Local", "local", "Factory", "europe/berlin", "EUROPE/BERLIN", "utc", "Europe", "Europe/", "Europe/Berlin ", " Europe/Berlin", "Europe/Berlin/",
		"../etc/passwd", "/etc/localtime", "./UTC", "Europe/../Europe/Berlin", "Europe\\Berlin", "posix/Europe/Berlin", "Etc/GMT+99", "+01:00", "CEST", "Europe/Berlin\u200b", "Berlin",
		"Africa/Abidjan Africa/Accra",
	}}.test(t)
}

// Phone numbers as libphonenumber writes them in its four formats (without tel:), with
// and without an extension: one of each shape among its examples for all regions.
func TestPhoneNumbersOfLibphonenumber(t *testing.T) {
	numbers := strings.Split(strings.TrimSpace(readFile(t, "testdata/phones.txt")), "\n")
	if len(numbers) < 100 {
		t.Errorf("only %d numbers", len(numbers))
	}
	format{"/phoneNumber", numbers, nil}.test(t)
}

// Attributes without a format accept any text, even the empty one.
func TestFreeText(t *testing.T) {
	anything := []string{"", " ", "O'Brien", "Haid-und-Neu-Straße", "<b>", "18a", "01067", "-0", "1e3", "🙂", "\u2028", "null", `"`, "/"}
	for _, pointer := range []string{
		"/firstName", "/lastName", "/address/locality", "/address/street", "/address/houseNo",
		"/address/additionalAddressLink", "/address/region", "/address/postalCode",
	} {
		format{pointer, anything, nil}.test(t)
	}
}
