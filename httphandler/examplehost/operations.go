package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// operations are our own, beside the patch of the library.
type operations struct {
	accounts accounts
	users    httphandler.Access // who may patch a user may read it
	admins   httphandler.Access
	options  *httphandler.Options // those of the patch
}

// An operation answers, or returns an error, for which the caller gets the same document
// as for a patch.
type operation func(w http.ResponseWriter, r *http.Request) error

func (o operations) handler(do operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch err := do(w, r); {
		case err == nil:
		case errors.Is(err, httphandler.ErrIncomplete): // too late for an error document
			o.log(r, err, "")
			panic(http.ErrAbortHandler)
		default:
			o.log(r, err, httphandler.WriteError(w, r, err))
		}
	})
}

// log logs a failure as an error, which an operator should look at, but not a refusal, nor
// what failed because the client has gone. The text of err has no value of a user.
func (o operations) log(r *http.Request, err error, errorID string) {
	level := slog.LevelInfo
	if httphandler.StatusOf(err) == http.StatusNotImplemented && r.Context().Err() == nil {
		level = slog.LevelError
	}
	o.options.Logger.Log(r.Context(), level, "not done", "error_id", errorID, "err", err)
}

// nothing is on all other paths: a 404 with a document.
func (o operations) nothing(http.ResponseWriter, *http.Request) error { return userstore.ErrNotFound }

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
	attributes, err := httphandler.ReadNewUser(w, r, o.options)
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
