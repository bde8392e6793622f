package userstore

import (
	"cmp"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A byteSet is a set of ASCII bytes.
type byteSet [256]bool

// alphanumericAnd returns the set of ASCII letters, digits and the bytes of others.
func alphanumericAnd(others string) (set byteSet) {
	for c := range byte(utf8.RuneSelf) {
		alphanumeric := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		set[c] = alphanumeric || strings.IndexByte(others, c) >= 0
	}
	return set
}

// holds reports whether the set has every byte of s.
func (set *byteSet) holds(s string) bool {
	for i := range len(s) {
		if !set[s[i]] {
			return false
		}
	}
	return true
}

// webURL is an absolute http or https URL (RFC 3986) that may contain non-ASCII
// characters other than blank, invisible and private-use ones. (Unassigned
// characters pass: which ones those are changes with the Go release.) User
// information is not allowed: RFC 9110, section 4.2.4, wants it treated as an
// error.
var webURL = func() *regexp.Regexp {
	const char = `[A-Za-z0-9._~!$&'()*+,;=\-]|[^\x00-\x{A0}\pZ\p{Cf}\p{Co}]|%[0-9A-Fa-f]{2}`
	const host = `(\[[0-9A-Fa-f:.]+\]|(` + char + `)+)(:[0-9]*)?`
	return regexp.MustCompile(`^(?i:https?)://` + host + `(/(` + char + `|[:@/])*)?(\?(` + char + `|[:@/?])*)?(#(` + char + `|[:@/?])*)?$`)
}()

// isWebURL tries the cheap check first, which accepts most values.
func isWebURL(s string) bool { return isPlainWebURL(s) || isAnyWebURL(s) }

func isAnyWebURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !webURL.MatchString(s) {
		return false
	}
	_, err = strconv.ParseUint(cmp.Or(u.Port(), "0"), 10, 16)
	return err == nil
}

// What plain hosts and paths consist of.
var hostBytes, pathBytes = alphanumericAnd("-."), alphanumericAnd("-._~/")

// isPlainWebURL reports whether s has a host name and a path of characters that
// have no special meaning in a URL.
func isPlainWebURL(s string) bool {
	scheme, rest, _ := strings.Cut(s, "://")
	host, path, _ := strings.Cut(rest, "/")
	return (scheme == "https" || scheme == "http") && host != "" && hostBytes.holds(host) && pathBytes.holds(path)
}

func isGender(s string) bool { return s == "male" || s == "female" || s == "other" }

func isBirthDate(s string) bool {
	switch len(s) {
	case len("2006"):
		return decimal(s) > 0 // an unknown year alone is no date
	case len(time.DateOnly):
		return isFullDate(s)
	}
	_, err := ParseTime(s)
	return err == nil
}

// isFullDate reports whether s, of ten bytes, is a full-date of RFC 3339, section 5.6,
// that is in the calendar. time.Parse finds the same in five times the time.
func isFullDate(s string) bool {
	year, month, day := decimal(s[:4]), decimal(s[5:7]), decimal(s[8:])
	return s[4] == '-' && s[7] == '-' && year >= 0 && 1 <= month && month <= 12 && 1 <= day && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}

// decimal returns the number that s writes with digits only, or -1. There is no number
// too large in so few digits as a date has.
func decimal(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// dateTime is the date-time of RFC 3339, section 5.6, in upper case. time.Parse
// accepts more: an hour of one digit, a decimal comma, offsets of 24 hours.
var dateTime = regexp.MustCompile(`^[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`)

// ParseTime parses a date-time by the grammar of RFC 3339, section 5.6, lower-case
// t and z included. It refuses only a leap second and more than nine decimals. The
// error never shows the text.
//
// It is exported because createdAt and birthDate must be read alike wherever they
// are read: by the default rule of birthDate, by the handler, and by a host's own
// rule. [time.Parse] with [time.RFC3339] also accepts texts that are not RFC 3339.
func ParseTime(s string) (time.Time, error) {
	s = strings.ToUpper(s)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || !dateTime.MatchString(s) {
		return time.Time{}, errors.New("userstore: must be an RFC 3339 date-time")
	}
	return t, nil
}

func isCountry(s string) bool {
	return len(s) == 2 && 'A' <= s[0] && s[0] <= 'Z' && 'A' <= s[1] && s[1] <= 'Z'
}
