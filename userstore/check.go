package userstore

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/userrecord/userrecord/internal/plain"
)

// Check reports every value that no Store may keep: invalid UTF-8, a control
// character (Unicode category Cc; no SQL text column can hold NUL), more code
// points than [MaxText], [MaxPictureURL] or [MaxEmail] allow, or a [TextOrInt]
// whose integer is negative or larger than [MaxInt]. The error is an
// [*InvalidError] or nil.
//
// Every Store calls Check first, so such a value cannot get in even when a Store
// is used without the handler. Check does not look at formats: [Rules.Validate]
// does.
func (a Attributes) Check() error {
	s := a.Scalars()
	return s.Check()
}

// Check is [Attributes.Check] for a Store that already has the scalars.
func (s *Scalars) Check() error {
	var problems []Problem
	for place := range s {
		if v, ok := s[place].Get(); ok {
			if reason := v.check(members[place].max); reason != "" {
				problems = append(problems, Problem{members[place].pointer, reason})
			}
		}
	}
	return asError(problems)
}

// check returns why v is invalid, or "".
func (v TextOrInt) check(max int) string {
	if !v.wellFormed() {
		return wantInt
	}
	n, ok := plain.Runes(v.text)
	if !ok {
		var reason string
		if n, reason = checkRunes(v.text); reason != "" {
			return reason
		}
	}
	if n > max {
		return fmt.Sprintf("must not be longer than %d code points", max)
	}
	return ""
}

// checkRunes returns the number of code points of s, or why s is not a text.
func checkRunes(s string) (n int, reason string) {
	for i, r := range s {
		n++
		if unicode.IsControl(r) {
			return n, fmt.Sprintf("must not contain the control character U+%04X", r)
		}
		if r == utf8.RuneError && !validAt(s[i:]) {
			return n, "must be valid UTF-8"
		}
	}
	return n, ""
}

// validAt reports whether s starts with a valid encoding. Ranging over a string
// yields U+FFFD both for an invalid byte and for an encoded U+FFFD.
func validAt(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size > 1
}
