package userstore

import (
	"flag"
	"fmt"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/userrecord/userrecord/internal/plain/plaintest"
)

var generated = flag.Int("generated", 50_000, "how many texts TestCheckOnGeneratedTexts draws")

// referenceCheck is the check of a text, letter by letter.
func referenceCheck(s string, max int) string {
	n := 0
	for i, r := range s {
		n++
		if unicode.IsControl(r) {
			return fmt.Sprintf("must not contain the control character U+%04X", r)
		}
		if r == utf8.RuneError && !validAt(s[i:]) {
			return "must be valid UTF-8"
		}
	}
	if n > max {
		return fmt.Sprintf("must not be longer than %d code points", max)
	}
	return ""
}

// FuzzCheck compares the check with the reference, also at the limit of the length.
func FuzzCheck(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) { compareCheck(t, s) })
}

func TestCheckOnGeneratedTexts(t *testing.T) {
	for i := range *generated {
		compareCheck(t, plaintest.Text(uint64(i)))
	}
}

func compareCheck(t *testing.T, s string) {
	t.Helper()
	n := utf8.RuneCountInString(s)
	for _, max := range []int{n - 1, n, len(s)} {
		if got, want := Text(s).check(max), referenceCheck(s, max); got != want {
			t.Fatalf("%q, at most %d: %q, want %q", s, max, got, want)
		}
	}
}
