package httphandler

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// An Outcome is what [Options.Observe] is told of an answer. It holds no value of the
// record and no token.
//
// Status and Code have few different values, so they fit the labels of a metric. UserID
// and ErrorID do not: they are for spans and logs.
type Outcome struct {
	// Status is that of the answer: 200, 401, 403, 404, 405, 406, 415, 422 or 501.
	Status int
	// Code is the member code of the first error object, such as invalid-attribute.
	// "" for a 200.
	Code string
	// ErrorID is the member id of the error objects, which is also error_id in the
	// log. "" for a 200.
	ErrorID string
	// UserID is the id in the path if Authorize has let the caller through to that
	// user, who need not exist, or else the nil UUID.
	UserID uuid.UUID
	// Duration is the time in the handler, from the first check until the answer is
	// written. It includes waiting for the client's body.
	Duration time.Duration
	// ClientGone reports that the request's context was canceled, as net/http does
	// when the client closes the connection. It probably got no answer, and a 501
	// then need not mean that anything is broken here.
	ClientGone bool
}

// A call is what the handler knows of a request so far.
type call struct {
	ctx context.Context // the one that Authenticate returned; before that, the request's
	Outcome
}

// observe tells the host how the request, which arrived at start, was answered. No error
// of the hook affects the answer, which is already written.
func (h *handler) observe(c *call, r *http.Request, start time.Time) {
	c.Duration = time.Since(start)
	c.ClientGone = isGone(r)
	ctx := c.ctx
	defer func() {
		if v := recover(); v != nil {
			h.logFailure(ctx, "", panicked(v))
		}
	}()
	h.opts.Observe(ctx, c.Outcome)
}

// isGone reports whether the client has gone. (A context of the host's own may have ended
// for other reasons.)
func isGone(r *http.Request) bool { return r.Context().Err() == context.Canceled }
