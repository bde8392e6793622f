package httphandler

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// logRefusal logs a refused request if the host set a Logger.
func (h *handler) logRefusal(c *call, r *http.Request, refused *refusal) {
	if h.opts.Logger == nil || isGone(r) {
		return
	}
	defer ignorePanic()
	attrs := []slog.Attr{slog.Int("status", refused.status), slog.String("code", refused.errors[0].code)}
	if pointers := refused.pointers(); len(pointers) > 0 {
		attrs = append(attrs, slog.Any("pointers", pointers))
	}
	if source := refused.errors[0].source; source.kind == "header" {
		attrs = append(attrs, slog.String("header", source.name))
	}
	attrs = append(c.userAttr(attrs), slog.String("error_id", c.ErrorID))
	h.opts.Logger.LogAttrs(c.ctx, slog.LevelInfo, "user patch: refused", attrs...)
}

// logFailedStep logs an internal error, unless a step failed because the client has
// gone.
func (h *handler) logFailedStep(c *call, r *http.Request, f *failure) {
	defer ignorePanic() // errors.Is runs code of the error
	err, _ := f.cause.(error)
	if f.class == panicClass || !isGone(r) || !errors.Is(err, context.Canceled) {
		h.logFailure(c.ctx, c.ErrorID, f, c.userAttr(nil)...)
	}
}

// userAttr appends the user's id if the caller was let through.
func (c *call) userAttr(attrs []slog.Attr) []slog.Attr {
	if c.UserID == uuid.Nil {
		return attrs
	}
	return append(attrs, userIDAttr(c.UserID))
}

func userIDAttr(id uuid.UUID) slog.Attr { return slog.String("user_id", id.String()) }

// pointers returns the pointers of the error objects, each once, for the log. Of a member
// that the page does not have, it returns the pointer to its parent: clients choose such
// names, and some may be values.
func (r *refusal) pointers() (found []string) {
	for _, object := range r.errors {
		if object.source.kind != "pointer" {
			continue
		}
		if p := documented(object.source.name); p != "" && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	return found
}

// documented returns the pointer, or that to the nearest parent that the page has: ""
// for the whole document.
func documented(pointer string) string {
	for pointer != "" && !slices.Contains(documentedPointers, pointer) {
		pointer = pointer[:max(0, strings.LastIndexByte(pointer, '/'))]
	}
	return pointer
}

// documentedPointers lead to the members that a request document can have.
var documentedPointers = []string{
	"/data", "/data/type", "/data/id", "/data/relationships", "/data/attributes",
	"/data/attributes/firstName", "/data/attributes/lastName", "/data/attributes/email",
	"/data/attributes/phoneNumber", "/data/attributes/pictureUrl", "/data/attributes/gender",
	"/data/attributes/createdAt", "/data/attributes/birthDate", "/data/attributes/address",
	"/data/attributes/address/country", "/data/attributes/address/locality",
	"/data/attributes/address/street", "/data/attributes/address/houseNo",
	"/data/attributes/address/additionalAddressLink", "/data/attributes/address/region",
	"/data/attributes/address/postalCode", "/data/attributes/locale", "/data/attributes/zoneInfo",
}
