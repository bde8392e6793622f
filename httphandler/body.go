package httphandler

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// readPatch has d read the body, and checks it: every reason for a 422 that needs
// no write.
func (h *handler) readPatch(ctx context.Context, d *decoder, w http.ResponseWriter, r *http.Request) error {
	if err := h.readDocument(d, w, r); err != nil {
		return err
	}
	if err := h.validate(&d.document); err != nil {
		return err
	}
	if err := h.compareCreatedAt(ctx, &d.document, d.id); err != nil {
		return err
	}
	return d.faults.refusal()
}

// readDocument has d read the body, of which d keeps nothing but copies.
func (h *handler) readDocument(d *decoder, w http.ResponseWriter, r *http.Request) error {
	buf := takeBuffer()
	if err := h.readBody(buf, w, r); err != nil {
		return err // a read given up in the middle may still write to buf
	}
	err := d.decode(buf)
	buf.giveBack()
	return err
}

// readBody makes the body the contents of buf.
func (h *handler) readBody(buf *buffer, w http.ResponseWriter, r *http.Request) error {
	buf.bytes = buf.bytes[:0]
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if r.ContentLength > h.opts.MaxBodyBytes {
		return bodyTooLarge
	}
	// A header field alone does not make us set aside more than the default.
	buf.bytes = slices.Grow(buf.bytes, int(min(max(r.ContentLength, 0), DefaultMaxBodyBytes))+1)
	return buf.readAll(h.bounded(w, r), h.opts.MaxBodyBytes)
}

// bounded returns the body. Where its length is not known, the connection is closed
// after one that is too large; net/http lets no other body be longer than its
// Content-Length says.
func (h *handler) bounded(w http.ResponseWriter, r *http.Request) io.Reader {
	if r.ContentLength < 0 {
		return http.MaxBytesReader(w, r.Body, h.opts.MaxBodyBytes)
	}
	return r.Body
}

// readAll appends what r has, or returns a refusal. There may be more than limit
// in spite of the Content-Length where something before us has replaced the body.
func (b *buffer) readAll(r io.Reader, limit int64) error {
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = slices.Grow(b.bytes, 1)
		}
		n, err := r.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		if n < 0 {
			panic("httphandler: the body has read a negative count")
		}
		b.bytes = b.bytes[:len(b.bytes)+n]
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge || int64(len(b.bytes)) > limit {
			return bodyTooLarge
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return bodyUnreadable
		}
	}
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
		invalid, ok := errors.AsType[*userstore.InvalidError](err)
		if !ok || len(invalid.Problems) == 0 {
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
	}
	if err := checkOrigin(&user, id); err != nil {
		return err
	}
	if !user.CreatedAt.Equal(*doc.createdAt) {
		doc.faults.add(fault{code: "read-only-attribute", detail: "Is read-only: send the current value, or omit it.", source: pointer("/data/attributes/createdAt")})
	}
	return nil
}
