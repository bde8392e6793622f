package userstore

import (
	"errors"
	"strings"
)

// The errors of a [Store], and of the methods by which stores create users,
// matched with errors.Is.
var (
	// ErrNotFound says that no user has the id.
	ErrNotFound = errors.New("userstore: user not found")
	// ErrInvalid says that a value cannot be kept. An [*InvalidError] matches
	// it and has the details.
	ErrInvalid = errors.New("userstore: invalid user")
	// ErrExists says that a user cannot be created because the id is taken.
	ErrExists = errors.New("userstore: user exists")
)

// A Problem is one reason why attributes were refused. It never holds a value
// of a user.
type Problem struct {
	// Pointer names the member as a JSON Pointer (RFC 6901) from the
	// attributes object, such as /email or /address/street.
	Pointer string
	// Reason says what is wrong, as in "must be a country code": UTF-8, without
	// a full stop.
	Reason string
}

// InvalidError lists every problem of the refused attributes, at most one a
// member, in the order of the page. It matches [ErrInvalid].
type InvalidError struct {
	Problems []Problem
}

// Error returns one line with every problem.
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

// asError returns nil where there is no problem.
func asError(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &InvalidError{Problems: problems}
}
