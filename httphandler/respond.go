package httphandler

import (
	"crypto/rand"
	"net/http"

	"github.com/userrecord/userrecord/userstore"
)

// writeUser writes the 200 with the record. The error is a failure, with
// nothing written, where the record of the store is not valid UTF-8.
func writeUser(w http.ResponseWriter, user userstore.User) error {
	body, err := appendUser(make([]byte, 0, 1024), &user)
	if err != nil {
		return failed("encode", err)
	}
	write(w, http.StatusOK, body)
	return nil
}

// refuse answers with the error document of err, a *refusal or a *failure, and
// logs it.
func (h *handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	id := rand.Text()
	refused, ok := err.(*refusal)
	if ok {
		h.logRefusal(r.Context(), id, refused)
	} else {
		refused = internalError
		h.logFailure(r.Context(), id, err.(*failure))
	}
	if refused.header[0] != "" {
		w.Header().Set(refused.header[0], refused.header[1])
	}
	write(w, refused.status, appendErrors(nil, id, refused))
}

func write(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", MediaType)
	w.WriteHeader(status)
	// An error means that the client has gone; there is nobody to tell.
	_, _ = w.Write(body)
}
