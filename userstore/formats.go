package userstore

import (
	"cmp"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// consistsOf reports whether s has only ASCII letters, digits and the bytes of
// others.
func consistsOf(s, others string) bool {
	for i := range len(s) {
		c := s[i]
		alphanumeric := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !alphanumeric && strings.IndexByte(others, c) < 0 {
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

// isPlainWebURL reports whether s has a host name and a path of characters that
// have no special meaning in a URL.
func isPlainWebURL(s string) bool {
	scheme, rest, _ := strings.Cut(s, "://")
	host, path, _ := strings.Cut(rest, "/")
	return (scheme == "https" || scheme == "http") && host != "" && consistsOf(host, "-.") && consistsOf(path, "-._~/")
}

func isGender(s string) bool { return s == "male" || s == "female" || s == "other" }

func isBirthDate(s string) bool {
	switch len(s) {
	case len("2006"):
		return parses("2006", s) && s != "0000" // an unknown year alone is no date
	case len(time.DateOnly):
		return parses(time.DateOnly, s)
	}
	_, err := ParseTime(s)
	return err == nil
}

func parses(layout, s string) bool {
	_, err := time.Parse(layout, s)
	return err == nil
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
