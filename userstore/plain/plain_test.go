package plain_test

import (
	"flag"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/userrecord/userrecord/userstore/plain"
	"github.com/userrecord/userrecord/userstore/plain/plaintest"
)

// reference is Runes in the plainest way.
func reference(s string) (n int, ok bool) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '"' || r == '\\' }) {
		return 0, false
	}
	return utf8.RuneCountInString(s), true
}

func check(t *testing.T, s string) (plainText bool) {
	wantN, want := reference(s)
	n, ok := plain.Runes(s)
	if ok != want || ok && n != wantN {
		t.Fatalf("Runes(%q) = %d, %t; want %d, %t", s, n, ok, wantN, want)
	}
	if bytesN, bytesOK := plain.Runes([]byte(s)); bytesN != n || bytesOK != ok {
		t.Fatalf("%q: %d, %t as bytes; %d, %t as a string", s, bytesN, bytesOK, n, ok)
	}
	wantASCII := len(s)
	if i := strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }); i >= 0 {
		wantASCII = i
	}
	if got := plain.ASCII(s); got != wantASCII {
		t.Fatalf("ASCII(%q) = %d, want %d", s, got, wantASCII)
	}
	return ok
}

// FuzzRunes compares Runes and ASCII with packages utf8 and unicode.
func FuzzRunes(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}

// Every sequence of up to two bytes, and of three and four with bytes from both sides of
// every border, in every place of a word and across words.
func TestEverySequence(t *testing.T) {
	borders := []byte{0x00, 0x1f, ' ', '!', '"', '#', '[', '\\', ']', '~', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xc3, 0xdf, 0xe0, 0xe1, 0xe2, 0xe3, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xfb, 0xfc, 0xfe, 0xff}
	around := func(seq ...byte) {
		for before := range 9 {
			for _, after := range []int{0, 1, 5, 8} {
				check(t, "xxxxxxxx"[:before]+string(seq)+"yyyyyyyy"[:after])
			}
		}
	}
	for a := range 256 {
		around(byte(a))
		for b := range 256 {
			around(byte(a), byte(b))
		}
	}
	for _, a := range borders {
		for _, b := range borders {
			for _, c := range borders {
				around(a, b, c)
				if a < 0xf0 {
					continue // no sequence of four
				}
				for _, d := range borders {
					check(t, "xxxxxx"+string([]byte{a, b, c, d}))
					check(t, string([]byte{a, b, c, d})+"é")
				}
			}
		}
	}
}

var generated = flag.Int("generated", 100_000, "how many texts TestGeneratedTexts draws")

func TestGeneratedTexts(t *testing.T) {
	seen := map[bool]int{}
	for i := range *generated {
		seen[check(t, plaintest.Text(uint64(i)))]++
	}
	if seen[true] < *generated/5 || seen[false] < *generated/5 {
		t.Errorf("%d plain texts and %d others: they tell little", seen[true], seen[false])
	}
}
