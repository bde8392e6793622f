package userstore

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Check reports every value that no store can keep: invalid UTF-8, a control
// character (Unicode category Cc: no SQL text column can hold NUL), more code
// points than [MaxText], [MaxPictureURL] or [MaxEmail] allow, or a [TextOrInt]
// whose integer is negative or larger than [MaxInt]. The error is an
// [*InvalidError], or nil.
//
// Every Store runs it first, so that calling a Store directly cannot put such
// a value in. Whether a value has the right format is asked by
// [Rules.Validate].
func (a Attributes) Check() error {
	s := a.Scalars()
	return s.Check()
}

// Check is [Attributes.Check], for a Store that has the scalars at hand.
func (s *Scalars) Check() error {
	var problems []Problem
	for i := range s {
		if v, ok := s[i].Get(); ok {
			if reason := v.check(members[i].max); reason != "" {
				problems = append(problems, Problem{members[i].pointer, reason})
			}
		}
	}
	return asError(problems)
}

// check returns what is wrong with v, or "".
func (v TextOrInt) check(max int) string {
	if !v.wellFormed() {
		return wantInt
	}
	n := 0
	for i, r := range v.text {
		n++
		if ' ' <= r && r <= '~' {
			continue // nothing that the following looks for
		}
		if unicode.IsControl(r) {
			return fmt.Sprintf("must not contain the control character U+%04X", r)
		}
		if r == utf8.RuneError && !validAt(v.text[i:]) {
			return "must be valid UTF-8"
		}
	}
	if n > max {
		return fmt.Sprintf("must not be longer than %d code points", max)
	}
	return ""
}

// validAt tells an encoded U+FFFD from an invalid byte, which ranges as one.
func validAt(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size > 1
}
