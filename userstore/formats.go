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

func isEmail(s string) bool {
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

// isInvisible reports whether r is a blank other than the space, or a format
// character.
func isInvisible(r rune) bool {
	return r != ' ' && unicode.In(r, unicode.Z, unicode.Cf)
}

var phoneNumber = regexp.MustCompile(`^[(). /-]*\+?[(). /-]*[0-9][0-9(). /-]*((?i:;ext)=[0-9]+)?$`)

func isPhoneNumber(s string) bool { return phoneNumber.MatchString(s) }

// webURL is an absolute http or https URL (RFC 3986) that may hold characters
// beyond ASCII, but no blank or invisible ones. It has no user information, which
// RFC 9110, section 4.2.4, wants taken for an error.
var webURL = func() *regexp.Regexp {
	const char = `[A-Za-z0-9._~!$&'()*+,;=\-]|[^\x00-\x{A0}\pZ\pC]|%[0-9A-Fa-f]{2}`
	const host = `(\[[0-9A-Fa-f:.]+\]|(` + char + `)+)(:[0-9]{1,5})?`
	return regexp.MustCompile(`^(?i:https?)://` + host + `(/(` + char + `|[:@/])*)?(\?(` + char + `|[:@/?])*)?(#(` + char + `|[:@/?])*)?$`)
}()

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !webURL.MatchString(s) {
		return false
	}
	_, err = strconv.ParseUint(cmp.Or(u.Port(), "0"), 10, 16)
	return err == nil
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
// error never shows the
// text.
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
