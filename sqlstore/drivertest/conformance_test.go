package drivertest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/conformance/storetest"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// Every Store of the suite has a table of its own.
func TestStoreSuite(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		storetest.Run(t, func(ctx context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
			store, err := d.create(ctx, db, fmt.Sprintf("users_%d", tables.Add(1)), users)
			return store, nil, err
		})
	})
}

func TestServerSuite(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		user := userstore.ExampleUser()
		other := userstore.User{ID: uuid.New(), Attributes: userstore.Attributes{FirstName: userstore.Value("Maria")}}
		failing := userstore.User{ID: uuid.New()}
		store := d.newStore(t, user, other, failing)
		handler := httphandler.New(failingFor{store, failing.ID}, httphandler.StaticTokens(map[string]httphandler.Grant{
			"token-to-write": httphandler.GrantWrite, "token-of-nobody": httphandler.GrantNone, "token-unlinked": httphandler.GrantUnlinked,
		}), &httphandler.Options{Logger: slog.New(slog.DiscardHandler)})
		servertest.RunHandler(t, handler, "", servertest.Target{
			User: user.ID, OtherUser: other.ID, FailingUser: failing.ID,
			Token: "token-to-write", ForbiddenToken: "token-of-nobody", UnlinkedToken: "token-unlinked",
		})
		if got, err := store.Get(t.Context(), user.ID); err != nil || got != user {
			t.Errorf("the user is not restored, or %v", err)
		}
	})
}

// failingFor fails to patch one user.
type failingFor struct {
	userstore.Store
	id uuid.UUID
}

func (s failingFor) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if id == s.id {
		return userstore.User{}, errors.New("the user of whom every patch fails")
	}
	return s.Store.Patch(ctx, id, patch)
}
