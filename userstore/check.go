package userstore

import (
	"fmt"
	"unicode"
	"unicode/utf8"
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
	n := asciiLength(v.text)
	rest := v.text[n:]
	for i, r := range rest {
		n++
		if unicode.IsControl(r) {
			return fmt.Sprintf("must not contain the control character U+%04X", r)
		}
		if r == utf8.RuneError && !validAt(rest[i:]) {
			return "must be valid UTF-8"
		}
	}
	if n > max {
		return fmt.Sprintf("must not be longer than %d code points", max)
	}
	return ""
}

// asciiLength returns how many bytes of printable ASCII s starts with: neither
// control characters nor invalid.
func asciiLength(s string) int {
	for i := range len(s) {
		if s[i]-' ' > '~'-' ' {
			return i
		}
	}
	return len(s)
}

// validAt reports whether s starts with a valid encoding. Ranging over a string
// yields U+FFFD both for an invalid byte and for an encoded U+FFFD.
func validAt(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size > 1
}
