package userstore

import (
	"errors"
	"strings"
)

// The errors of a [Store] and of the methods with which stores create users. Match
// them with [errors.Is].
var (
	// ErrNotFound means that no user has the id.
	ErrNotFound = errors.New("userstore: user not found")
	// ErrInvalid means that the Store cannot keep a value. An [*InvalidError]
	// matches it and has the details.
	ErrInvalid = errors.New("userstore: invalid user")
	// ErrExists means that a user cannot be created because the id is taken.
	ErrExists = errors.New("userstore: user exists")
)

// A Problem is one reason why attributes were refused. It never contains a value
// of the user.
type Problem struct {
	// Pointer names the member as a JSON Pointer (RFC 6901) from the
	// attributes object, such as /email or /address/street.
	Pointer string
	// Reason completes a sentence about the member, such as "must be a country
	// code". It is UTF-8, without a full stop.
	Reason string
}

// InvalidError lists every problem of the refused attributes in the order of the
// page, at most one for each member. It matches [ErrInvalid].
type InvalidError struct {
	Problems []Problem
}

// Error returns all problems in one line.
func (e *InvalidError) Error() string {
	var b strings.Builder
	b.WriteString(ErrInvalid.Error())
	sep := ": "
	for _, p := range e.Problems {
		b.WriteString(sep + strings.TrimPrefix(p.Pointer+" "+p.Reason, " "))
		sep = "; "
	}
	return b.String()
}

// Is reports whether target is [ErrInvalid].
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// asError returns an [*InvalidError], or nil if there are no problems.
func asError(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &InvalidError{Problems: problems}
}
