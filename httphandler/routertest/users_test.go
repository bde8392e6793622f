package routertest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

const readTimeout = 10 * time.Second

// The users and the tokens of the tests.
var (
	exampleID = userstore.ExampleUser().ID
	otherID   = uuid.MustParse("5a4f8c3e-1b60-4d67-9d1e-0a7a2f5f0b11")
	failingID = uuid.MustParse("e2b1a1a4-7c8f-4c55-8f0b-3b8f6d1f7c22")

	access = httphandler.StaticTokens(map[string]httphandler.Grant{
		"test-token":     httphandler.GrantWrite,
		"test-forbidden": httphandler.GrantNone,
		"test-unlinked":  httphandler.GrantUnlinked,
	})
)

// failingStore fails to patch one user.
type failingStore struct{ *memstore.Store }

func (s failingStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if id == failingID {
		return userstore.User{}, errors.New("fails on purpose")
	}
	return s.Store.Patch(ctx, id, patch)
}

// newUsers returns the patch, and a GET beside it.
func newUsers() httphandler.Methods {
	store := failingStore{memstore.New(userstore.ExampleUser(), userstore.User{ID: otherID}, userstore.User{ID: failingID})}
	opts := &httphandler.Options{Logger: slog.New(slog.DiscardHandler)}

	patch := httphandler.New(store, access, opts)
	get := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := showUser(w, r, store); err != nil {
			httphandler.WriteError(w, r, err)
		}
	})
	user := httphandler.Methods{http.MethodGet: get, http.MethodPatch: patch}
	return user
}

func showUser(w http.ResponseWriter, r *http.Request, store userstore.Store) error {
	ctx, id, err := access.Admit(r) // who may patch may read
	if err != nil {
		return err
	}
	user, err := store.Get(ctx, id)
	if err != nil {
		return err
	}
	return httphandler.WriteUser(w, http.StatusOK, user)
}
