package httphandler

import (
	"crypto/rand"
	"net/http"

	"github.com/userrecord/userrecord/userstore"
)

// userDocument returns the response document of the record: see appendUser. It returns a
// failure if the record breaks the contract of [userstore.Store].
func userDocument(user *userstore.User, known *document) (buf *buffer, err error) {
	buf = takeBuffer()
	if buf.bytes, err = appendUser(buf.bytes[:0], user, known); err != nil {
		return nil, failed("store", err)
	}
	return buf, nil
}

// refuse logs err, a *refusal or a *failure, and answers with its error document. It
// logs first: finishBody may wait for the client, and the request's context may be
// done afterwards.
func (h *handler) refuse(c *call, x *exchange, w http.ResponseWriter, r *http.Request, err error) {
	c.ErrorID = rand.Text()
	refused, ok := err.(*refusal)
	if ok {
		h.logRefusal(c, r, refused)
	} else {
		refused = internalError
		h.logFailedStep(c, r, err.(*failure))
	}
	c.Status, c.Code = refused.status, refused.errors[0].code
	h.finishBody(x, r)
	writeErrors(w, c.ErrorID, refused)
}

// writeErrors answers with the error document.
func writeErrors(w http.ResponseWriter, id string, refused *refusal) {
	if refused.header[0] != "" {
		w.Header().Set(refused.header[0], refused.header[1])
	}
	buf := takeBuffer()
	buf.bytes = appendErrors(buf.bytes[:0], id, refused)
	_ = write(w, refused.status, buf) // the client has gone
}

// write answers with the status and the body. An error means that the client has gone.
func write(w http.ResponseWriter, status int, body *buffer) error {
	writeHeader(w, status)
	_, err := w.Write(body.bytes)
	if err == nil { // otherwise an abandoned Write may still read the buffer
		body.giveBack()
	}
	return err
}

func writeHeader(w http.ResponseWriter, status int) {
	w.Header()["Content-Type"] = []string{MediaType}
	w.WriteHeader(status)
}
