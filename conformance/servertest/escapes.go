package servertest

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A server may show a text again in other words: with the escapes of JSON, of a URL or
// of HTML, even one within the other. These functions find it all the same.

// matchForm returns the length of what at the beginning of s stands for the text, or 0.
// fold ignores the case of ASCII letters.
func matchForm(s, text string, fold bool) int {
	i := 0
	for text != "" {
		if i == len(s) {
			return 0
		}
		if s[i] == text[0] || fold && lower(s[i]) == lower(text[0]) {
			i, text = i+1, text[1:]
			continue
		}
		plain, size := unescape(s[i:])
		if plain == "" || len(plain) > len(text) || !same(plain, text[:len(plain)], fold) {
			return 0
		}
		i, text = i+size, text[len(plain):]
	}
	return i
}

func same(a, b string, fold bool) bool { return a == b || fold && strings.EqualFold(a, b) }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// unescape returns what the escape at the beginning of s stands for, and its length; the
// empty string if there is none.
func unescape(s string) (plain string, size int) {
	switch s[0] {
	case '\\':
		return unescapeJSON(s)
	case '%':
		return unescapeURL(s)
	case '&':
		return unescapeHTML(s)
	case '+':
		return " ", 1 // in a form
	}
	return "", 0
}

// unescapeJSON takes several backslashes: JSON within JSON doubles them.
func unescapeJSON(s string) (string, int) {
	rest := afterSlashes(s)
	slashes := len(s) - len(rest)
	unit, ok := hexUnit(rest)
	if !ok {
		if rest == "" {
			return "", 0
		}
		if c := strings.IndexByte("bfnrt", rest[0]); c >= 0 {
			return "\b\f\n\r\t"[c : c+1], slashes + 1
		}
		return rest[:1], slashes + 1
	}
	if utf16.IsSurrogate(rune(unit)) {
		second := afterSlashes(rest[5:])
		if low, ok := hexUnit(second); ok {
			return string(utf16.DecodeRune(rune(unit), rune(low))), len(s) - len(second) + 5
		}
	}
	return string(rune(unit)), slashes + 5
}

// maxNested limits how deep one escape is looked for in another: a server could send a
// long row of them.
const maxNested = 4

func afterSlashes(s string) string {
	for range 1 << maxNested {
		s = strings.TrimPrefix(s, `\`)
	}
	return s
}

// hexUnit reads the u and the four digits after a backslash.
func hexUnit(s string) (uint64, bool) {
	if len(s) < 5 || s[0]|0x20 != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(s[1:5], 16, 16)
	return unit, err == nil
}

// unescapeURL takes several times 25 after the percent sign: a URL within a URL escapes
// it.
func unescapeURL(s string) (string, int) {
	rest := s[1:]
	for range maxNested {
		rest = strings.TrimPrefix(rest, "25")
	}
	if len(rest) < 2 {
		return "", 0
	}
	b, err := strconv.ParseUint(rest[:2], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(b)}), len(s) - len(rest) + 2
}

var htmlNames = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "plus": "+", "sol": "/", "equals": "="}

func unescapeHTML(s string) (string, int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 2 {
		return "", 0
	}
	name := s[1:end]
	if name[0] != '#' {
		return htmlNames[name], end + 1
	}
	digits, base := name[1:], 10
	if digits != "" && digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	code, err := strconv.ParseUint(digits, base, 32)
	if err != nil || code > utf8.MaxRune {
		return "", 0
	}
	return string(rune(code)), end + 1
}
