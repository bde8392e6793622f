package servertest

import (
	"math/big"
	"regexp"
)

// number matches the JSON numbers (RFC 8259, section 6) with which the suite computes:
// the exact value of 1e999999 takes minutes.
var number = regexp.MustCompile(`^-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$`)

// rational returns the value of a number, unless it is too long to compute with.
func rational(text string) (*big.Rat, bool) {
	if !number.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}
