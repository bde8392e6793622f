package httphandler

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/userrecord/userrecord/userstore"
)

// A refusal is an error with its answer to the client.
type refusal struct {
	status int
	cause  error     // the exported error that leads to it, if any
	header [2]string // a field that goes with the status, if any
	errors []errorObject
}

func (r *refusal) Error() string { return "httphandler: " + r.errors[0].code }

// The refusals with a fixed text.
var (
	noCredentials = &refusal{
		status: http.StatusUnauthorized, cause: ErrNoCredentials,
		header: [2]string{"Www-Authenticate", "Bearer"},
		errors: []errorObject{{code: "missing-credentials", detail: "Send a bearer token in the Authorization header field."}},
	}
	invalidToken = &refusal{
		status: http.StatusUnauthorized, cause: ErrInvalidToken,
		header: [2]string{"Www-Authenticate", `Bearer error="invalid_token"`},
		errors: []errorObject{{code: "invalid-token", detail: "The access token is malformed, unknown, expired or revoked."}},
	}
	missingLinkedIdentity = &refusal{
		status: http.StatusUnauthorized, cause: ErrMissingLinkedIdentity,
		header: [2]string{"Www-Authenticate", "Bearer"},
		errors: []errorObject{{code: "missing-linked-identity", detail: "The user must also have logged in with a third party."}},
	}
	forbidden = &refusal{
		status: http.StatusForbidden, cause: ErrForbidden,
		errors: []errorObject{{code: "forbidden", detail: "The access token does not allow this."}},
	}
	notFound = &refusal{
		status: http.StatusNotFound, cause: userstore.ErrNotFound,
		errors: []errorObject{{code: "user-not-found", detail: "There is no user with the id in the path.", source: source{"parameter", "userId"}}},
	}
	methodNotAllowed = &refusal{
		status: http.StatusMethodNotAllowed,
		header: [2]string{"Allow", http.MethodPatch},
		errors: []errorObject{{code: "method-not-allowed", detail: "Only PATCH is allowed."}},
	}
	notAcceptable = &refusal{
		status: http.StatusNotAcceptable,
		errors: []errorObject{{code: "not-acceptable", detail: "The Accept header field must admit " + MediaType + ".", source: source{"header", "Accept"}}},
	}
	unsupportedMediaType = &refusal{
		status: http.StatusUnsupportedMediaType,
		header: [2]string{"Accept-Patch", MediaType},
		errors: []errorObject{{code: "unsupported-media-type", detail: "There must be one Content-Type header field, " + MediaType + ", without parameters other than profile.", source: source{"header", "Content-Type"}}},
	}
	unsupportedEncoding = &refusal{
		status: http.StatusUnsupportedMediaType,
		header: [2]string{"Accept-Encoding", "identity"},
		errors: []errorObject{{code: "unsupported-content-encoding", detail: "The body must be sent as it is, without a content coding.", source: source{"header", "Content-Encoding"}}},
	}
	ifMatch           = unprocessable(errorObject{"unsupported-condition", "A user has no entity tag: only * is supported.", source{"header", "If-Match"}})
	ifNoneMatch       = unprocessable(errorObject{"unsupported-condition", "A patch needs a user that exists.", source{"header", "If-None-Match"}})
	ifUnmodifiedSince = unprocessable(errorObject{"unsupported-condition", "A user has no modification date.", source{"header", "If-Unmodified-Since"}})
	bodyTooLarge      = unprocessable(errorObject{code: "body-too-large", detail: "The body is too large."})
	bodyTooDeep       = unprocessable(errorObject{code: "body-too-deep", detail: fmt.Sprintf("The body nests deeper than %d levels.", maxDepth)})
	bodyUnreadable    = unprocessable(errorObject{code: "body-unreadable", detail: "The body did not arrive completely and in time."})

	invalidUser = &refusal{
		status: http.StatusUnprocessableEntity, cause: userstore.ErrInvalid,
		errors: []errorObject{{code: "invalid-attribute", detail: "The record cannot hold these attributes.", source: pointer("/data/attributes")}},
	}
	internalError = &refusal{
		status: http.StatusNotImplemented, // as the page documents an internal error
		header: [2]string{"Cache-Control", "no-store"},
		errors: []errorObject{{code: "internal-error", detail: "The change may or may not have been made. It is safe to send the request again."}},
	}
)

// titles has the title of the error objects of each status. JSON:API asks that it
// does not change from occurrence to occurrence.
var titles = map[int]string{
	http.StatusUnauthorized:         "OAuth token missing or invalid, or linked identity missing",
	http.StatusForbidden:            "Forbidden",
	http.StatusNotFound:             "Resource not found",
	http.StatusMethodNotAllowed:     "Method not allowed",
	http.StatusNotAcceptable:        "The specified accept header is invalid",
	http.StatusUnsupportedMediaType: "The specified content type header is invalid",
	http.StatusUnprocessableEntity:  "The request could not be followed due to semantic errors",
	http.StatusNotImplemented:       "Internal server error",
}

// unprocessable returns a refusal with the status 422.
func unprocessable(objects ...errorObject) *refusal {
	return &refusal{status: http.StatusUnprocessableEntity, errors: objects}
}

// invalidAttributes returns the refusal for the problems of an InvalidError.
func invalidAttributes(problems []userstore.Problem) error {
	var list errorList
	for _, p := range problems {
		list.add(attributeError(p))
	}
	return list.refusal()
}

// refusalFor returns the first of the refusals whose cause err matches, or else a
// failure of the step.
func refusalFor(step string, err error, refusals ...*refusal) error {
	for _, r := range refusals {
		if errors.Is(err, r.cause) {
			return r
		}
	}
	return failed(step, err)
}
