package userstore

import (
	"encoding/json"
	"errors"
	"strconv"
)

// MaxInt is the largest integer of a [TextOrInt], 2^53-1: every JSON reader
// keeps it exactly (RFC 8259, section 6).
const MaxInt = 1<<53 - 1

// TextOrInt is a text or a non-negative integer. The page shows houseNo and
// postalCode as numbers, but "18a" and "01067" need a text. A TextOrInt keeps the
// JSON form it was given: "18" and 18 are different values. It is comparable; the
// zero value is the empty text.
type TextOrInt struct {
	text  string
	isInt bool
}

// Text returns a TextOrInt in the form of a JSON string.
func Text(s string) TextOrInt { return TextOrInt{text: s} }

// Int returns a TextOrInt in the form of a JSON number. [Attributes.Check] refuses
// one that is negative or larger than [MaxInt].
func Int(n int64) TextOrInt {
	return TextOrInt{text: strconv.FormatInt(n, 10), isInt: true}
}

// ParseInt returns the TextOrInt of a JSON number. The literal must be 0 or match
// [1-9][0-9]*, and be at most [MaxInt]. The error never shows the literal.
func ParseInt(literal string) (TextOrInt, error) {
	v := TextOrInt{text: literal, isInt: true}
	if !v.wellFormed() {
		return TextOrInt{}, errors.New("userstore: the number " + wantInt)
	}
	return v, nil
}

const wantInt = "must be an integer from 0 to 9007199254740991, without sign, fraction or exponent"

// Text returns the text, or the decimal digits of the integer.
func (v TextOrInt) Text() string { return v.text }

// IsInt reports whether v has the form of a JSON number.
func (v TextOrInt) IsInt() bool { return v.isInt }

// wellFormed reports whether v is a text, or an integer that ParseInt accepts.
func (v TextOrInt) wellFormed() bool { return !v.isInt || isInteger(v.text) }

// isInteger reports whether s is a decimal without leading zeros, up to MaxInt.
func isInteger(s string) bool {
	const maxDigits = 16 // of MaxInt, which cannot overflow an int64
	if s == "" || len(s) > maxDigits || s[0] == '0' && s != "0" {
		return false
	}
	n := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		n = 10*n + int64(s[i]-'0')
	}
	return n <= MaxInt
}

// MarshalJSON returns a JSON string or number: the form that v was given in.
func (v TextOrInt) MarshalJSON() ([]byte, error) {
	if v.isInt {
		return []byte(v.text), nil
	}
	return json.Marshal(v.text)
}

// UnmarshalJSON accepts a JSON string, or a number that [ParseInt] accepts.
func (v *TextOrInt) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*v = Text(s)
		return nil
	}
	n, err := ParseInt(string(data))
	if err != nil {
		return err
	}
	*v = n
	return nil
}
