package httphandler

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/userrecord/userrecord/userstore"
)

// readPatch decodes the body into d and runs every check that can end in a 422
// before the store is asked to write.
func (h *handler) readPatch(ctx context.Context, x *exchange, d *decoder, w http.ResponseWriter, r *http.Request) error {
	if err := h.readDocument(x, d, w, r); err != nil {
		return err
	}
	if err := h.validate(ctx, &d.document); err != nil {
		return err
	}
	if err := h.compareCreatedAt(ctx, d); err != nil {
		return err
	}
	return d.errors.refusal()
}

// readDocument decodes the body into d, which keeps only copies of it.
func (h *handler) readDocument(x *exchange, d *decoder, w http.ResponseWriter, r *http.Request) error {
	buf := takeBuffer()
	if err := h.readBody(x, buf, w, r); err != nil {
		return err // without giveBack: an abandoned Read may still write to buf
	}
	err := d.decode(buf)
	buf.giveBack()
	return err
}

// readBody reads the body into buf.
func (h *handler) readBody(x *exchange, buf *buffer, w http.ResponseWriter, r *http.Request) error {
	buf.bytes = buf.bytes[:0]
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if r.ContentLength > h.opts.MaxBodyBytes {
		return bodyTooLarge
	}
	// A Content-Length alone makes us allocate no more than the default limit.
	buf.bytes = slices.Grow(buf.bytes, int(min(max(r.ContentLength, 0), DefaultMaxBodyBytes))+1)
	if r.Body == &x.body { // a body from Access may be slow between its Reads of x.body
		x.body.startWaiting()
		defer x.body.stopWaiting()
	}
	return buf.readAll(h.limitedBody(w, r), h.opts.MaxBodyBytes)
}

// limitedBody returns the body. If its length is unknown, net/http closes the
// connection once it is too large. Any other body net/http itself limits to its
// Content-Length.
func (h *handler) limitedBody(w http.ResponseWriter, r *http.Request) io.Reader {
	if r.ContentLength < 0 {
		return http.MaxBytesReader(w, r.Body, h.opts.MaxBodyBytes)
	}
	return r.Body
}

// readAll appends all of r, or returns a refusal. It checks the limit although the
// Content-Length was checked: middleware may have replaced the body.
func (b *buffer) readAll(r io.Reader, limit int64) error {
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = slices.Grow(b.bytes, 1)
		}
		n, err := r.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		if n < 0 {
			panic("httphandler: the body read a negative number of bytes")
		}
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case int64(len(b.bytes)) > limit:
			return bodyTooLarge
		case err == io.EOF:
			return nil
		case err != nil:
			return unreadable(err)
		}
	}
}

func unreadable(err error) *refusal {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return bodyTooLarge
	}
	return bodyUnreadable
}

// validate reports each value that the fixed check or the rules refuse, once for
// each member.
func (h *handler) validate(ctx context.Context, doc *document) error {
	var found []userstore.Problem
	for _, err := range h.judge(ctx, doc) {
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
				doc.errors.add(attributeError(p))
			}
		}
	}
	return nil
}

// judge returns the errors of the fixed check, which a plain patch passes, and of the
// rules. The default rules make both checks at once.
func (h *handler) judge(ctx context.Context, doc *document) (errs [2]error) {
	switch validate := h.opts.Validate; {
	case validate == nil && doc.unplain:
		errs[1] = h.rules.Validate(doc.patch)
	case validate == nil:
		errs[1] = h.rules.ValidateFormats(doc.patch)
	case doc.unplain:
		errs[0], errs[1] = doc.patch.Check(), validate(ctx, doc.patch)
	default:
		errs[1] = validate(ctx, doc.patch)
	}
	return errs
}

// compareCreatedAt reports a createdAt that differs from the stored one. (An equal
// one is accepted, because clients send whole records back.) If the user does not
// exist it reports nothing: by the order of checks that is for the patch to find.
func (h *handler) compareCreatedAt(ctx context.Context, d *decoder) error {
	if d.createdAt == nil {
		return nil
	}
	user, err := h.getUser(ctx, d)
	switch {
	case errors.Is(err, userstore.ErrNotFound):
		return nil
	case err != nil:
		return refusalFor("store", err)
	}
	if err := cmp.Or(checkID(&user, d.id), checkCreatedAt(&user)); err != nil {
		return err
	}
	if !user.CreatedAt.Equal(*d.createdAt) {
		d.errors.add(errorObject{code: "read-only-attribute", detail: "Is read-only: send the current value, or omit it.", source: pointer("/data/attributes/createdAt")})
	}
	return nil
}
