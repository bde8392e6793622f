package userstore

import (
	"math/rand/v2"
	"regexp"
	"testing"
)

// plainFormats are the formats with a fast path for plain values, and the format of
// phone numbers, which is compared with a regular expression.
var plainFormats = []struct {
	name   string
	plain  func(string) bool
	rule   func(string) bool
	exact  bool     // plain decides all values
	values []string // start values
	chars  string
}{
	{"pictureUrl", isPlainWebURL, isAnyWebURL, false, []string{"https://example.com/a/b", "http://a", "https://a.b/~c_d-e.png"}, "ahtpsHTS09:/.-_~%@?#[]é <"},
	{"locale", isPlainLocale, isLanguageTag, false, []string{"de-DE", "en_GB", "zh-Hant-TW"}, "azAZ09-_[`@{éKſ"},
	{"phoneNumber", isPhoneNumber, phoneNumber.MatchString, true, []string{"+1 (425) 555-1212;ext=56-78", "112", "(+49) 7.2/1;EXT=1", "1 ext. 5", "1 x5", "1 Anexo 5", "1 int 5", "1 int. 5", "1#5"}, "+-()./ 09;extEXT=aéſ#xint.Anexo"},
}

var phoneNumber = regexp.MustCompile(`^[(). /-]*\+?[(). /-]*[0-9][0-9(). /-]*((?i:;ext)=[-.()]*[0-9][-.()0-9]*|( ext\. | x| Anexo | int\.? |#)[0-9]+)?$`)

// A fast path accepts no value that the full rule refuses, and accepts plain values.
func TestPlainFormats(t *testing.T) {
	for _, f := range plainFormats {
		t.Run(f.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 1))
			chars, good := []rune(f.chars), 0
			const texts = 30_000
			for range texts {
				s := f.values[random.IntN(len(f.values))]
				for range random.IntN(5) {
					from := random.IntN(len(s) + 1)
					to := min(len(s), from+random.IntN(2))
					s = s[:from] + string(chars[random.IntN(len(chars))]) + s[to:]
				}
				plain, valid := f.plain(s), f.rule(s)
				if plain && !valid || f.exact && valid && !plain {
					t.Fatalf("%q: plain %t, valid %t", s, plain, valid)
				}
				if plain {
					good++
				}
			}
			if good < texts/10 {
				t.Errorf("%d of %d are plain", good, texts)
			}
		})
	}
}

// FuzzPlainFormats does the same with any text.
func FuzzPlainFormats(f *testing.F) {
	for _, format := range plainFormats {
		for _, value := range format.values {
			f.Add(value)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, format := range plainFormats {
			plain, valid := format.plain(s), format.rule(s)
			if plain && !valid || format.exact && valid && !plain {
				t.Errorf("%s %q: plain %t, valid %t", format.name, s, plain, valid)
			}
		}
	})
}
