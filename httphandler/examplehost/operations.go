package main

import (
	"io"
	"log/slog"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
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
			id := httphandler.WriteError(w, r, err)
			o.logger.InfoContext(r.Context(), "not done", "error_id", id, "err", err) // no error here has a value of a user
		}
	})
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
	attributes, err := readAttributes(http.MaxBytesReader(w, r.Body, httphandler.DefaultMaxBodyBytes))
	if err != nil {
		return err
	}
	user, err := o.accounts.create(r.Context(), attributes)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/users/"+user.ID.String())
	return httphandler.WriteUser(w, http.StatusCreated, user)
}

// readAttributes reads {"data":{"type":"User","attributes":{…}}}. Any other member is
// refused, and so is what a patch must not set.
func readAttributes(body io.Reader) (userstore.Attributes, error) {
	var document struct {
		Data struct {
			Type       string               `json:"type"`
			Attributes userstore.Attributes `json:"attributes"`
		} `json:"data"`
	}
	err := json.UnmarshalRead(body, &document, json.RejectUnknownMembers(true))
	if err != nil || document.Data.Type != "User" {
		return userstore.Attributes{}, userstore.ErrInvalid // err could quote a value
	}
	return document.Data.Attributes, userstore.DefaultRules().Validate(document.Data.Attributes)
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
	if err := o.accounts.remove(r.Context(), id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
