package httphandler

import (
	"crypto/rand"
	"net/http"

	"github.com/userrecord/userrecord/userstore"
)

// writeUser answers 200 with the record. It returns a failure and writes nothing if
// the record breaks the contract of [userstore.Store].
func writeUser(w http.ResponseWriter, user *userstore.User) error {
	buf := takeBuffer()
	var err error
	if buf.bytes, err = appendUser(buf.bytes[:0], user); err != nil {
		return failed("store", err)
	}
	_ = write(w, http.StatusOK, buf) // the client has gone, so there is nobody to tell
	return nil
}

// refuse logs err, a *refusal or a *failure, and answers with its error document. It
// logs first: finishBody may wait for the client, and the request's context may be
// done afterwards.
func (h *handler) refuse(c *call, w http.ResponseWriter, r *http.Request, body *timedBody, err error) {
	c.ErrorID = rand.Text()
	refused, ok := err.(*refusal)
	if ok {
		h.logRefusal(c, r, refused)
	} else {
		refused = internalError
		h.logFailedStep(c, r, err.(*failure))
	}
	c.Status, c.Code = refused.status, refused.errors[0].code
	h.finishBody(body, r)
	writeErrors(w, c.ErrorID, refused)
}

// writeErrors answers with the error document.
func writeErrors(w http.ResponseWriter, id string, refused *refusal) {
	if refused.header[0] != "" {
		w.Header().Set(refused.header[0], refused.header[1])
	}
	buf := takeBuffer()
	buf.bytes = appendErrors(buf.bytes[:0], id, refused)
	_ = write(w, refused.status, buf) // as above
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
