package httphandler

import (
	"crypto/rand"
	"net/http"

	"github.com/userrecord/userrecord/userstore"
)

// writeUser writes the 200 with the record. The error is a failure, with nothing
// written, where the record is not one that a Store may return.
func writeUser(w http.ResponseWriter, user *userstore.User) error {
	buf := takeBuffer()
	var err error
	if buf.bytes, err = appendUser(buf.bytes[:0], user); err != nil {
		return failed("store", err)
	}
	write(w, http.StatusOK, buf)
	return nil
}

// refuse answers with the error document of err, a *refusal or a *failure, and
// logs it: first, as a client that does not send the rest of its body in time ends
// the request's context.
func (h *handler) refuse(w http.ResponseWriter, r *http.Request, body *timedBody, err error) {
	id := rand.Text()
	refused, ok := err.(*refusal)
	if ok {
		h.logRefusal(r.Context(), id, refused)
	} else {
		refused = internalError
		h.logFailure(r.Context(), id, err.(*failure))
	}
	h.finish(body, r)
	if refused.header[0] != "" {
		w.Header().Set(refused.header[0], refused.header[1])
	}
	buf := takeBuffer()
	buf.bytes = appendErrors(buf.bytes[:0], id, refused)
	write(w, refused.status, buf)
}

func write(w http.ResponseWriter, status int, body *buffer) {
	w.Header()["Content-Type"] = []string{MediaType}
	w.WriteHeader(status)
	// An error means that the client has gone; there is nobody to tell. A write
	// given up in the middle may still read the buffer.
	if _, err := w.Write(body.bytes); err == nil {
		body.giveBack()
	}
}
