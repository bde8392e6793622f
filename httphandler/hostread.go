package httphandler

import (
	"net/http"

	"github.com/userrecord/userrecord/userstore"
)

// ReadNewUser reads the body of a host's own operation that creates a user, such as POST
// /users. The body is that of a patch without the id, which is the host's to choose:
//
//	{"data":{"type":"User","attributes":{"firstName":"John"}}}
//
// It is read by the rules of the handler of [New]. Only these options have an effect:
// MaxBodyBytes, BodyTimeout, IgnoreUnknownAttributes, AllowCharsetUTF8 and Validate; nil
// means the defaults. createdAt is refused. Attributes may be null, which the
// Create of a Store takes for omitted.
//
// Answer an error with [WriteError]: 406 for the field Accept, 415 for Content-Type and
// Content-Encoding, 403 for an id (JSON:API 1.1, section Client-Generated IDs), 422 for
// any other body that is refused, with a pointer to each fault, and 501 for a failure of
// Validate.
func ReadNewUser(w http.ResponseWriter, r *http.Request, opts *Options) (userstore.Attributes, error) {
	h := &handler{rules: userstore.DefaultRules(), opts: opts.withDefaults()} // it only reads
	if err := negotiateNew(r.Header, h.opts.AllowCharsetUTF8); err != nil {
		return userstore.Attributes{}, err
	}
	x := newExchange(w, r, h.opts.BodyTimeout) // its body stays, so that WriteError waits no longer
	d := decoder{isNew: true, ignoreUnknown: h.opts.IgnoreUnknownAttributes}
	if err := h.readDocument(x, &d, w, r); err != nil {
		return userstore.Attributes{}, err
	}
	if err := h.judgeNew(r, &d); err != nil {
		return userstore.Attributes{}, err
	}
	return d.patch, nil
}

// negotiateNew checks the header fields that are about the answer and the body.
func negotiateNew(header http.Header, withCharset bool) error {
	switch {
	case !accepts(header["Accept"]):
		return notAcceptable
	case !isContentType(header["Content-Type"], withCharset):
		refused := *unsupportedMediaType
		refused.header = [2]string{"Accept-Post", MediaType}
		return &refused
	case !isIdentity(header["Content-Encoding"]):
		return unsupportedEncoding
	}
	return nil
}

// judgeNew returns the refusal of what was decoded.
func (h *handler) judgeNew(r *http.Request, d *decoder) error {
	if d.choosesID {
		return chosenID
	}
	if err := h.validate(r.Context(), &d.document); err != nil {
		return err
	}
	if d.createdAt != nil {
		d.errors.add(errorObject{"read-only-attribute", "Is read-only: omit it.", pointer("/data/attributes/createdAt")})
	}
	return d.errors.refusal()
}

var chosenID = &refusal{
	status: http.StatusForbidden,
	errors: []errorObject{{"client-generated-id", "The service chooses the id.", pointer("/data/id")}},
}
