package userstore

import (
	"regexp"
	"strings"
	"unicode"
)

// languageTag is the Language-Tag of RFC 5646, section 2.1, in lower case, without
// languages of four to eight letters: none is registered. (golang.org/x/text also
// accepts subtags in the wrong order and repeated ones.)
var languageTag = regexp.MustCompile(`^(` +
	`[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-[0-9a-wyz](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?` +
	`|x(-[a-z0-9]{1,8})+` +
	`|en-gb-oed|i-(ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(be-fr|be-nl|ch-de)` +
	`)$`)

func isLocale(s string) bool { return isPlainLocale(s) || isLanguageTag(s) }

// isPlainLocale reports whether s looks like de-DE, as most locales do.
func isPlainLocale(s string) bool {
	return len(s) == 5 && isLower(s[0]) && isLower(s[1]) && (s[2] == '-' || s[2] == '_') && isCountry(s[3:])
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isLanguageTag(s string) bool {
	return isASCII(s) && languageTag.MatchString(strings.ToLower(strings.ReplaceAll(s, "_", "-")))
}

// isASCII excludes characters that strings.ToLower maps to ASCII, such as the
// Kelvin sign.
func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
