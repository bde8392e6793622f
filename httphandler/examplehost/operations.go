package main

import (
	"log/slog"
	"net/http"

	"github.com/userrecord/userrecord/httphandler"
)

// operations are our own, beside the patch of the library.
type operations struct {
	accounts accounts
	access   httphandler.Access
	logger   *slog.Logger
}

// An operation answers an authenticated caller. For an error, the caller gets the same
// document as for a patch.
type operation func(w http.ResponseWriter, r *http.Request) error

func (o operations) handler(do operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := o.access.Authenticate(r)
		if err == nil {
			r = r.WithContext(ctx)
			err = do(w, r)
		}
		if err != nil {
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

// get shows a user to those who may patch it.
func (o operations) get(w http.ResponseWriter, r *http.Request) error {
	id, err := httphandler.PathID(r)
	if err != nil {
		return err
	}
	if err := authorize(r.Context(), id); err != nil {
		return err
	}
	user, err := o.accounts.Get(r.Context(), id)
	if err != nil {
		return err
	}
	return httphandler.WriteUser(w, http.StatusOK, user)
}

// list shows the users of the tenant.
func (o operations) list(w http.ResponseWriter, r *http.Request) error {
	if err := authorizeAdmin(r.Context()); err != nil {
		return err
	}
	return httphandler.WriteUsers(w, o.accounts.All(r.Context()))
}

// create adds a user to the tenant.
func (o operations) create(w http.ResponseWriter, r *http.Request) error {
	if err := authorizeAdmin(r.Context()); err != nil {
		return err
	}
	attributes, err := httphandler.ReadNewUser(w, r, nil)
	if err != nil {
		return err
	}
	user, err := o.accounts.Create(r.Context(), attributes)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/users/"+user.ID.String())
	return httphandler.WriteUser(w, http.StatusCreated, user)
}

// remove deletes a user of the tenant.
func (o operations) remove(w http.ResponseWriter, r *http.Request) error {
	id, err := httphandler.PathID(r)
	if err != nil {
		return err
	}
	if err := authorizeAdmin(r.Context()); err != nil {
		return err
	}
	if err := o.accounts.Delete(r.Context(), id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
