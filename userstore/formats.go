package userstore

import (
	"cmp"
	"errors"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Of the formats that are slow to check, the plain values, which are most of
// them, are told first.
func isEmail(s string) bool { return isPlainEmail(s) || isAddrSpec(s) }

func isAddrSpec(s string) bool {
	if strings.ContainsFunc(s, isInvisible) {
		return false
	}
	// Angle brackets leave the parser no room for a display name or a list.
	if _, err := mail.ParseAddress("<" + s + ">"); err != nil {
		return false
	}
	// It skips blanks around the @, which only a quoted local part may hold.
	at := strings.LastIndexByte(s, '@')
	local, domain := s[:at], s[at+1:]
	return !strings.ContainsAny(domain, " ()") && (strings.HasPrefix(local, `"`) && strings.HasSuffix(local, `"`) || !strings.ContainsAny(local, " ()"))
}

// isPlainEmail reports whether s has on both sides of the @ words of letters,
// digits, + _ and -, with a dot between them.
func isPlainEmail(s string) bool {
	local, domain, found := strings.Cut(s, "@")
	return found && isPlainAtoms(local) && isPlainAtoms(domain)
}

func isPlainAtoms(s string) bool {
	for word := range strings.SplitSeq(s, ".") {
		if word == "" || !consistsOf(word, "+_-") {
			return false
		}
	}
	return true
}

// consistsOf reports whether s has nothing but ASCII letters, digits and the
// other characters.
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

// isInvisible reports whether r is a blank other than the space, or a format
// character.
func isInvisible(r rune) bool {
	return r != ' ' && unicode.In(r, unicode.Z, unicode.Cf)
}

// isPhoneNumber wants a digit, at most one + and that before the first digit, and
// no other characters than these; and at the end perhaps an extension.
func isPhoneNumber(s string) bool {
	number, extension, extended := strings.Cut(s, ";")
	digits, plus := false, false
	for i := range len(number) {
		switch c := number[i]; {
		case '0' <= c && c <= '9':
			digits = true
		case c == '+' && !digits && !plus:
			plus = true
		case strings.IndexByte("(). /-", c) < 0:
			return false
		}
	}
	return digits && (!extended || isExtension(extension))
}

// isExtension reports whether s is ext= in any case, and digits.
func isExtension(s string) bool {
	name, digits, _ := strings.Cut(s, "=")
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	return strings.EqualFold(name, "ext") && digits != "" && !strings.ContainsFunc(digits, notDigit)
}

// webURL is an absolute http or https URL (RFC 3986) that may hold characters
// beyond ASCII, but no blank or invisible ones. It has no user information, which
// RFC 9110, section 4.2.4, wants taken for an error.
var webURL = func() *regexp.Regexp {
	const char = `[A-Za-z0-9._~!$&'()*+,;=\-]|[^\x00-\x{A0}\pZ\pC]|%[0-9A-Fa-f]{2}`
	const host = `(\[[0-9A-Fa-f:.]+\]|(` + char + `)+)(:[0-9]{1,5})?`
	return regexp.MustCompile(`^(?i:https?)://` + host + `(/(` + char + `|[:@/])*)?(\?(` + char + `|[:@/?])*)?(#(` + char + `|[:@/?])*)?$`)
}()

func isWebURL(s string) bool { return isPlainWebURL(s) || isAnyWebURL(s) }

func isAnyWebURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !webURL.MatchString(s) {
		return false
	}
	_, err = strconv.ParseUint(cmp.Or(u.Port(), "0"), 10, 16)
	return err == nil
}

// isPlainWebURL reports whether s has a name for a host, and a path of characters
// without a meaning.
func isPlainWebURL(s string) bool {
	scheme, rest, _ := strings.Cut(s, "://")
	host, path, _ := strings.Cut(rest, "/")
	return (scheme == "https" || scheme == "http") && host != "" && consistsOf(host, "-.") && consistsOf(path, "-._~/")
}

func isGender(s string) bool { return s == "male" || s == "female" || s == "other" }

func isBirthDate(s string) bool {
	switch len(s) {
	case len("2006"):
		return parses("2006", s) && s != "0000" // that the year is not known is no date
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
// takes more: an hour of one digit, a comma, offsets of 24 hours.
var dateTime = regexp.MustCompile(`^[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`)

// ParseTime reads an RFC 3339 date-time as the RFC writes it, a lower-case t
// and z included; only a leap second and more than nine decimals are refused. The
// error never shows the text.
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
