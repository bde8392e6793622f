package httphandler

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// limitBodyTime sets the read deadline of a request that has a body. A request
// that is refused before its body is read keeps it: the server still reads what
// is left of the body.
func (h *handler) limitBodyTime(w http.ResponseWriter, r *http.Request) {
	if r.Body != nil && r.Body != http.NoBody {
		setReadDeadline(w, time.Now().Add(h.opts.BodyTimeout))
	}
}

// setReadDeadline does nothing where w does not support it; Options says so.
func setReadDeadline(w http.ResponseWriter, t time.Time) {
	_ = http.NewResponseController(w).SetReadDeadline(t)
}

// readPatch reads and checks the body: every reason for a 422 that needs no write.
func (h *handler) readPatch(ctx context.Context, w http.ResponseWriter, r *http.Request, id uuid.UUID) (userstore.Attributes, error) {
	body, err := h.readBody(w, r)
	if err != nil {
		return userstore.Attributes{}, err
	}
	doc, err := decode(body, id, h.opts.IgnoreUnknownAttributes)
	if err != nil {
		return userstore.Attributes{}, err
	}
	if err := h.validate(doc); err != nil {
		return userstore.Attributes{}, err
	}
	if err := h.compareCreatedAt(ctx, doc, id); err != nil {
		return userstore.Attributes{}, err
	}
	return doc.patch, doc.faults.refusal()
}

func (h *handler) readBody(w http.ResponseWriter, r *http.Request) (*bytes.Buffer, error) {
	buf := new(bytes.Buffer)
	if r.Body == nil || r.Body == http.NoBody {
		return buf, nil
	}
	if r.ContentLength > h.opts.MaxBodyBytes {
		return nil, bodyTooLarge
	}
	h.limitBodyTime(w, r) // anew: what access took is not the client's time
	// A header field alone does not make us set aside more than the default.
	buf.Grow(int(min(max(r.ContentLength, 0), DefaultMaxBodyBytes)) + bytes.MinRead)
	_, err := buf.ReadFrom(http.MaxBytesReader(w, r.Body, h.opts.MaxBodyBytes))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, bodyTooLarge
	case err != nil:
		return nil, bodyUnreadable
	}
	// Left in force, it would end the request's context under a slow store.
	setReadDeadline(w, time.Time{})
	return buf, nil
}

// validate adds a fault for each value that the fixed check or the rules refuse,
// one a member.
func (h *handler) validate(doc *document) error {
	var found []userstore.Problem
	for _, validate := range h.validators {
		err := validate(doc.patch)
		if err == nil {
			continue
		}
		var invalid *userstore.InvalidError
		if !errors.As(err, &invalid) || len(invalid.Problems) == 0 {
			return refusalFor("validate", err, invalidUser)
		}
		for _, p := range invalid.Problems {
			if !slices.ContainsFunc(found, func(other userstore.Problem) bool { return other.Pointer == p.Pointer }) {
				found = append(found, p)
				doc.faults.add(attributeFault(p))
			}
		}
	}
	return nil
}

// compareCreatedAt refuses a createdAt other than the stored one: clients echo
// whole records. Whether the user exists is for the patch to find out, later in
// the order of checks.
func (h *handler) compareCreatedAt(ctx context.Context, doc *document, id uuid.UUID) error {
	if doc.createdAt == nil {
		return nil
	}
	user, err := h.store.Get(ctx, id)
	switch {
	case errors.Is(err, userstore.ErrNotFound):
		return nil
	case err != nil:
		return refusalFor("store", err)
	case !user.CreatedAt.Equal(*doc.createdAt):
		doc.faults.add(fault{code: "read-only-attribute", detail: "Is read-only: send the current value, or omit it.", source: pointer("/data/attributes/createdAt")})
	}
	return nil
}
