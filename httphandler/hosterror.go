package httphandler

import (
	"crypto/rand"
	"errors"
	"net/http"
)

// WriteError answers a request of a host's own operation, such as GET, with the error
// document that the handler of [New] has for that error: 401 for [ErrNoCredentials],
// [ErrInvalidToken] and [ErrMissingLinkedIdentity], 403 for [ErrForbidden], 404 for
// userstore.ErrNotFound, 422 for userstore.ErrInvalid, the status that [ReadNewUser]
// documents for each of its errors, and 501 for any other error. Nothing of the error's
// text is shown. It returns the id of the error objects, for your log: WriteError itself
// logs nothing (see [StatusOf]).
//
// It panics with [http.ErrAbortHandler] if err is an [ErrIncomplete].
func WriteError(w http.ResponseWriter, r *http.Request, err error) (id string) {
	if errors.Is(err, ErrIncomplete) {
		panic(http.ErrAbortHandler)
	}
	return bare.answer(w, r, hostRefusal(err))
}

// StatusOf returns the status with which [WriteError] answers the error: 501 for a
// failure, which is to be logged as an error, and 401 to 422 for a refusal.
func StatusOf(err error) int { return hostRefusal(err).status }

// hostRefusal returns the refusal for an error of a host's own operation.
func hostRefusal(err error) *refusal {
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused
	}
	if refused := forbiddenAttributes(err); refused != nil {
		return refused
	}
	refused, ok := refusalFor("", err, noCredentials, invalidToken, missingLinkedIdentity, forbidden).(*refusal)
	if !ok {
		refused, ok = storeError(err).(*refusal)
	}
	if !ok {
		return hostFailed
	}
	return refused
}

// hostFailed says nothing about a change: the operation may be a GET.
var hostFailed = &refusal{
	status: internalError.status, header: internalError.header,
	errors: []errorObject{{code: internalError.errors[0].code, detail: "The server could not answer the request."}},
}

// bare is a handler that only refuses.
var bare = &handler{opts: (*Options)(nil).withDefaults()}

// answer answers with the refusal. It reads what is left of the body first: see
// finishBody.
func (h *handler) answer(w http.ResponseWriter, r *http.Request, refused *refusal) (id string) {
	id = rand.Text()
	h.finishBody(newExchange(w, r, h.opts.BodyTimeout), r)
	writeErrors(w, id, refused)
	return id
}
