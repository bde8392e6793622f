package httphandler

import (
	"context"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// apply patches the user. It also returns the names of the attributes that changed, if
// AfterCommit wants them: those of the patch if the Store cannot tell.
func (h *handler) apply(ctx context.Context, id uuid.UUID, patch *userstore.Attributes) (userstore.User, []string, error) {
	if h.opts.AfterCommit == nil {
		user, err := h.store.Patch(ctx, id, *patch)
		return user, nil, err
	}
	var change userstore.Change
	user, err := h.store.Patch(userstore.WithChange(ctx, &change), id, *patch)
	if change.After.ID == uuid.Nil {
		return user, patch.Names(), err
	}
	return user, change.Names(), err
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
