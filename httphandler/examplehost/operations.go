package main

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
)

// operations are our own, beside the patch of the library.
type operations struct {
	accounts accounts
	users    httphandler.Access // who may patch a user may read it
	admins   httphandler.Access
	logger   *slog.Logger
}

// An operation answers, or returns an error, for which the caller gets the same document
// as for a patch.
type operation func(w http.ResponseWriter, r *http.Request) error

func (o operations) handler(do operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := do(w, r); err != nil {
			var id string
			defer func() { // WriteError panics if a list has to be broken off
				o.logger.Log(r.Context(), level(r, err), "not done", "error_id", id, "err", err) // whose text has no value of a user
			}()
			id = httphandler.WriteError(w, r, err)
		}
	})
}

// level tells what an operator should look at from refusals, and from clients that have
// gone away.
func level(r *http.Request, err error) slog.Level {
	if httphandler.StatusOf(err) == http.StatusNotImplemented && r.Context().Err() == nil {
		return slog.LevelError
	}
	return slog.LevelInfo
}

// get shows a user.
func (o operations) get(w http.ResponseWriter, r *http.Request) error {
	ctx, id, err := o.users.Admit(r)
	if err != nil {
		return err
	}
	user, err := o.accounts.Get(ctx, id)
	if err != nil {
		return err
	}
	return httphandler.WriteUser(w, http.StatusOK, user)
}

// list shows the users of the tenant.
func (o operations) list(w http.ResponseWriter, r *http.Request) error {
	ctx, err := o.admitAdmin(r)
	if err != nil {
		return err
	}
	return httphandler.WriteUsers(w, o.accounts.All(ctx))
}

// create adds a user to the tenant.
func (o operations) create(w http.ResponseWriter, r *http.Request) error {
	ctx, err := o.admitAdmin(r)
	if err != nil {
		return err
	}
	attributes, err := httphandler.ReadNewUser(w, r, nil)
	if err != nil {
		return err
	}
	user, err := o.accounts.Create(ctx, attributes)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/users/"+user.ID.String())
	return httphandler.WriteUser(w, http.StatusCreated, user)
}

// admitAdmin is for what is about no single user.
func (o operations) admitAdmin(r *http.Request) (context.Context, error) {
	ctx, err := o.admins.Authenticate(r)
	if err == nil {
		err = o.admins.Authorize(ctx, uuid.Nil)
	}
	return ctx, err
}

// remove deletes a user of the tenant.
func (o operations) remove(w http.ResponseWriter, r *http.Request) error {
	ctx, id, err := o.admins.Admit(r)
	if err != nil {
		return err
	}
	if err := o.accounts.Delete(ctx, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
