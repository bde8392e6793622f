package faulty

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with values between the request and the record.
func losslessFaults() []Fault {
	change := func(change func(s string) string) func(*server) {
		return storeTexts(func(_, s string) string { return change(s) })
	}
	return []Fault{
		{"text-nfc", "Texts are normalised: combining marks are composed.", change(composed.Replace)},
		{"text-html-escaped", "Texts are stored escaped for HTML.", change(html.EscapeString)},
		{"text-quotes-doubled", "Apostrophes are doubled, as SQL quoting does.", change(func(s string) string { return strings.ReplaceAll(s, "'", "''") })},
		{"text-backslashes-stripped", "Backslashes are stripped.", change(func(s string) string { return strings.ReplaceAll(s, `\`, "") })},
		{"text-percent-format", "Texts are used as a format.", change(func(s string) string {
			return strings.NewReplacer("%s", "%!s(MISSING)", "%d", "%!d(MISSING)", "%n", "%!n(NOVERB)", "%v", "%!v(MISSING)").Replace(s)
		})},
		{"text-plus-is-space", "A plus sign is stored as a space, as in a form.", change(func(s string) string { return strings.ReplaceAll(s, "+", " ") })},
		{"text-255-bytes", "Texts are cut after 255 bytes.", change(func(s string) string { return strings.ToValidUTF8(s[:min(len(s), 255)], "") })},
		{"text-bmp-only", "Characters beyond the Basic Multilingual Plane become question marks.", change(mapRunes(func(r rune) rune { return replaceIf(r > 0xffff, '?', r) }))},
		{"text-mojibake", "UTF-8 is read as Latin-1 and encoded once more.", change(mojibake)},
		{"text-zero-width-stripped", "Joiners and other invisible characters are stripped.", change(mapRunes(func(r rune) rune { return replaceIf(unicode.Is(unicode.Cf, r), -1, r) }))},
		{"text-title-case", "Names are put into title case.", storeNames(func(s string) string {
			if s == "" {
				return s
			}
			return strings.ToUpper(s[:1]) + strings.ToLower(s[1:])
		})},
		{"text-escapes-kept", "The escapes of JSON are stored as they stand.", requestBody(func(b []byte) []byte { return escapes.ReplaceAll(b, []byte(`\\u$1`)) })},
		{"text-cut-at-nul", "A text ends at U+0000.", requestTexts(func(s string) string { return before(s, "\x00") })},
		{"postal-code-number", "A postal code of digits is stored as a number, without its leading zeros.", storeAttributes(memberValue("postalCode", toNumber))},
		{"house-number-number", "A house number is stored as the number that it begins with.", storeAttributes(memberValue("houseNo", func(v any) any {
			if s, ok := v.(string); ok {
				if digits := leadingDigits.FindString(s); digits != "" {
					return json.Number(digits)
				}
			}
			return v
		}))},
		{"picture-lower-case", "The URL of the picture is stored in lower case.", storeAttributes(attributeText("pictureUrl", strings.ToLower))},
		{"email-lower-case", "The e-mail address is stored in lower case.", storeAttributes(attributeText("email", strings.ToLower))},
		{"phone-digits", "The phone number is stored as plus sign and digits.", storeAttributes(attributeText("phoneNumber", func(s string) string { return "+" + nonDigits.ReplaceAllString(s, "") }))},
	}
}

// composed is the Unicode normal form C, of a few letters.
var composed = strings.NewReplacer("e\u0308", "ë", "\u212b", "Å", "e\u0301", "é", "u\u0308", "ü", "a\u0308", "ä", "o\u0308", "ö", "n\u0303", "ñ", "A\u030a", "Å", "e\u0300", "è", "a\u030a", "å", "c\u0327", "ç", "A\u0308", "Ä", "O\u0308", "Ö", "U\u0308", "Ü", "i\u0308", "ï", "o\u0302", "ô")

var (
	escapes       = regexp.MustCompile(`\\u([0-9a-fA-F]{4})`)
	leadingDigits = regexp.MustCompile(`^[1-9][0-9]{0,9}`)
	nonDigits     = regexp.MustCompile(`[^0-9]`)
)

func mapRunes(f func(r rune) rune) func(string) string {
	return func(s string) string { return strings.Map(f, s) }
}

func replaceIf(yes bool, with, r rune) rune {
	if yes {
		return with
	}
	return r
}

// before returns the part of s before the first of the characters.
func before(s, chars string) string {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i]
	}
	return s
}

func mojibake(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := rune(s[i]); c < 0x80 || c > 0x9f { // the Store refuses control characters
			b.WriteRune(c)
		}
	}
	return b.String()
}

// storeNames changes the first and the last name before they are stored.
func storeNames(change func(s string) string) func(*server) {
	return inTurn(storeAttributes(attributeText("firstName", change)), storeAttributes(attributeText("lastName", change)))
}

// attributeText returns a change of one attribute, if it is a text.
func attributeText(name string, change func(s string) string) func(object) {
	return func(a object) {
		if s, ok := a[name].(string); ok {
			a[name] = change(s)
		}
	}
}

// memberValue returns a change of one member of the address, if it has a value.
func memberValue(name string, change func(v any) any) func(object) {
	return func(a object) {
		if address, ok := a["address"].(object); ok && address[name] != nil {
			address[name] = change(address[name])
		}
	}
}

func toNumber(v any) any {
	if s, ok := v.(string); ok {
		if n, err := strconv.ParseUint(s, 10, 50); err == nil {
			return json.Number(fmt.Sprint(n))
		}
	}
	return v
}

// rules changes the rules by which the handler validates values.
func rules(change func(*userstore.Rules)) func(*server) {
	return func(s *server) {
		r := userstore.DefaultRules()
		change(r)
		s.options.Validate = func(_ context.Context, patch userstore.Attributes) error { return r.Validate(patch) }
	}
}

// What goes wrong with dates.
func dateFaults() []Fault {
	anyDate := rules(func(r *userstore.Rules) { r.BirthDate = userstore.Rule{} })
	return []Fault{
		{"date-shifted", "The record shows the birth date a day early, as midnight in another zone.", answerValues(func(p string, v any) any {
			if t, ok := parseDate(v); ok && p == "/birthDate" {
				return t.AddDate(0, 0, -1).Format(time.DateOnly)
			}
			return v
		})},
		{"date-unix", "The record shows the birth date in seconds since 1970.", answerValues(func(p string, v any) any {
			if t, ok := parseDate(v); ok && p == "/birthDate" {
				return t.Unix()
			}
			return v
		})},
		{"date-refused", "Every birth date is refused with 422.", rules(func(r *userstore.Rules) {
			r.BirthDate = userstore.Rule{Want: "another date", Valid: func(string) bool { return false }}
		})},
		{"date-refuses-own", "A birth date in the form that the record shows is refused with 422.", inTurn(rules(func(r *userstore.Rules) {
			valid := r.BirthDate.Valid
			r.BirthDate.Valid = func(s string) bool { return len(s) == len(time.DateOnly) && valid(s) }
		}), answerValues(func(p string, v any) any {
			if t, ok := parseDate(v); ok && p == "/birthDate" {
				return t.Format("2006-01-02T15:04:05.000Z")
			}
			return v
		}))},
		{"date-before-1970", "A birth date before 1970 becomes the first day of 1970.", storeAttributes(attributeText("birthDate", func(s string) string {
			if t, ok := parseDate(s); ok && t.Year() < 1970 {
				return "1970-01-01"
			}
			return s
		}))},
		{"date-overflows", "The 30th of February becomes the 2nd of March.", requestText("/birthDate", func(s string) string {
			return strings.NewReplacer("1997-02-30", "1997-03-02", "-02-30", "-03-02", "-02-29", "-03-01", "-04-31", "-05-01", "-13-01", "-01-01", "-06-31", "-07-01").Replace(s)
		})},
		{"date-takes-words", "A birth date that is no date is stored.", anyDate},
		{"date-numbers-taken", "A birth date that is a number is taken for seconds since 1970.", requestValues(func(p string, v any) any {
			if n, ok := v.(json.Number); ok && p == "/birthDate" {
				seconds, _ := n.Int64()
				return time.Unix(seconds, 0).UTC().Format(time.DateOnly)
			}
			return v
		})},
	}
}

func parseDate(v any) (time.Time, bool) {
	s, ok := v.(string)
	if !ok || len(s) < len(time.DateOnly) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)])
	return t, err == nil
}

// refuseRequestText lets the handler refuse a patch with a bad text, with 422.
func refuseRequestText(pointer string, bad func(s string) bool) func(*server) {
	return requestText(pointer, func(s string) string {
		if bad(s) {
			return "\u0000" // no attribute may have it
		}
		return s
	})
}
