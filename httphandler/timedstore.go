package httphandler

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A timedStore ends the context of each call after the timeout. It returns what the
// Store returns, even late: a patch that was applied is a success.
type timedStore struct {
	store   userstore.Store
	timeout time.Duration
}

func (s timedStore) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	limited := withTimeout(ctx, s.timeout)
	defer limited.end()
	return s.store.Get(limited, id)
}

func (s timedStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	limited := withTimeout(ctx, s.timeout)
	defer limited.end()
	return s.store.Patch(limited, id, patch)
}
