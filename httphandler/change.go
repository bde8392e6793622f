package httphandler

import (
	"context"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// apply calls Patch of the Store with a context that ends after StoreTimeout, but takes
// what it returns even late: a patch that was applied is a success. It sets *user to the
// new record. It returns the names of the attributes that changed, if AfterCommit wants
// them: those of the patch if the Store cannot tell.
func (h *handler) apply(ctx context.Context, x *exchange, d *decoder, user *userstore.User) (changed []string, err error) {
	if h.opts.StoreTimeout > 0 {
		x.patching.start(ctx, h.opts.StoreTimeout)
		defer x.patching.end()
		ctx = &x.patching
	}
	if h.opts.AfterCommit == nil {
		*user, err = h.store.Patch(ctx, d.id, d.patch)
		return nil, err
	}
	var change userstore.Change
	*user, err = h.store.Patch(userstore.WithChange(ctx, &change), d.id, d.patch)
	if change.After.ID == uuid.Nil {
		return d.patch.Names(), err
	}
	return change.Names(), err
}

// afterCommit calls the hook. The change is made, so no error or panic of the hook
// affects the answer.
func (h *handler) afterCommit(ctx context.Context, id uuid.UUID, changed []string) {
	if len(changed) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	defer func() {
		if v := recover(); v != nil {
			h.logFailure(ctx, "", panicked(v), userIDAttr(id))
		}
	}()
	if err := h.opts.AfterCommit(ctx, id, changed); err != nil {
		h.logFailure(ctx, "", failed("after commit", err), userIDAttr(id))
	}
}
