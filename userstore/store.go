package userstore

import (
	"context"

	"github.com/google/uuid"
)

// Store keeps users. Its methods may be called by many goroutines at once.
//
// Every record that a Store returns is canonical (see [Attributes]) and belongs
// to the caller: changing it changes nothing in the Store, nor does changing
// what was passed in. No record is ever seen with half of a patch applied.
//
// A context that is done when a call begins ends the call with an error that
// matches ctx.Err(), and nothing has changed; so does one that is done while
// the call waits. Errors match by errors.Is, wrapped or not. Any error that is
// not listed at a method is a failure of the Store; its text must not hold
// values of a user, as drivers like to quote them.
type Store interface {
	// Get returns the user, as the last patch that was acknowledged before the
	// call, or a later one, left it. The error matches [ErrNotFound] if no user
	// has the id.
	Get(ctx context.Context, id uuid.UUID) (User, error)

	// Patch applies the patch to the user and returns the complete new record:
	// that of the moment at which this patch took effect, equal to
	// [Attributes.Merge] of the record before it. ID and CreatedAt never change.
	//
	// It is atomic and durable when it returns: all of the patch, or nothing.
	// Patches of the same user take effect one after the other, so that
	// concurrent patches of different attributes all survive. A patch that
	// provides nothing returns the record as it is.
	//
	// The error matches [ErrInvalid] if [Attributes.Check] refuses the patch,
	// or the Store cannot keep it for a reason of its own (a constraint), and
	// [ErrNotFound] if no user has the id; the former comes first, and nothing
	// has changed in either case. After any other error the patch may or may
	// not have taken effect; it sets absolute values, so it may be sent again.
	Patch(ctx context.Context, id uuid.UUID, patch Attributes) (User, error)
}
