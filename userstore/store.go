package userstore

import (
	"context"

	"github.com/google/uuid"
)

// Store keeps users. Its methods are safe for concurrent use. A Store of your own may
// begin as the example of conformance/storetest does, over a document database, and is
// checked by that package.
//
// Every record that a Store returns is canonical (see [Attributes]). It shares no
// memory with the Store: the caller may change it, and what it passed in. No call
// ever sees a record with half of a patch applied.
//
// If the context is done when a call begins, or becomes done while the call
// waits, the call changes nothing and returns an error that matches ctx.Err().
// Callers match errors with [errors.Is]; a Store may wrap them. Any error that a
// method does not list is a failure of the Store. Its text must not contain
// values of a user, which database drivers tend to quote.
type Store interface {
	// Get returns the user. The record includes every patch that was acknowledged
	// before the call. The error matches [ErrNotFound] if no user has the id.
	Get(ctx context.Context, id uuid.UUID) (User, error)

	// Patch applies the patch to the user and returns the complete new record as
	// of the moment when this patch took effect: [Attributes.Merge] of the record
	// just before it. ID and CreatedAt never change.
	//
	// A patch is atomic, and durable once Patch returns. Patches of the same user
	// take effect one after the other, so concurrent patches of different
	// attributes all survive. An empty patch returns the current record.
	//
	// The texts of a patch may all be parts of one string, so each of them may keep
	// all of it in memory. A Store that keeps texts should copy them.
	//
	// The error matches [ErrInvalid] if [Attributes.Check] refuses the patch or
	// the Store cannot keep it for another reason (a constraint), and
	// [ErrNotFound] if no user has the id. If both apply it is ErrInvalid.
	// Neither changes anything. After any other error the patch may or may not
	// have taken effect. It is safe to send it again, because a patch sets
	// absolute values; but that may overwrite a later change of the same attributes.
	//
	// A Store may tell what changed to those who ask: see [ChangeIn].
	Patch(ctx context.Context, id uuid.UUID, patch Attributes) (User, error)
}
