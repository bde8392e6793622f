package httphandler

import (
	"errors"
	"strings"
)

// A ForbiddenError is an [ErrForbidden] of [Options.AuthorizePatch], or given to
// [WriteError], that says which attributes the caller may not change. The answer is 403
// with an error object for each, of the code forbidden-attribute.
type ForbiddenError struct {
	// Pointers name the members as JSON Pointers (RFC 6901) from the attributes
	// object, such as /email or /address/street. Without any, the answer does not say
	// which attribute it is.
	Pointers []string
}

// Error returns all pointers in one line.
func (e *ForbiddenError) Error() string {
	return strings.Join(append([]string{ErrForbidden.Error()}, e.Pointers...), " ")
}

// Is reports whether target is [ErrForbidden].
func (e *ForbiddenError) Is(target error) bool { return target == ErrForbidden }

// patchForbidden returns the refusal or failure for an error of AuthorizePatch.
func patchForbidden(err error) error {
	if refused := forbiddenAttributes(err); refused != nil {
		return refused
	}
	return refusalFor("authorize patch", err, forbidden)
}

// forbiddenAttributes returns the refusal for a [ForbiddenError] with pointers, or nil.
func forbiddenAttributes(err error) *refusal {
	named, ok := errors.AsType[*ForbiddenError](err)
	if !ok || len(named.Pointers) == 0 {
		return nil
	}
	var list errorList
	for _, p := range named.Pointers {
		list.add(errorObject{"forbidden-attribute", "The access token does not allow changing this attribute.", pointer("/data/attributes" + p)})
	}
	refused := list.refusal().(*refusal)
	refused.status = forbidden.status
	return refused
}
