package httphandler

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// Access decides who may patch whom. Both steps are required; the handler checks
// the path between them. They must be safe for concurrent use.
type Access struct {
	// Authenticate identifies the caller. It returns a context derived from
	// r.Context(), which carries the caller to Authorize, to the Store and to
	// the hooks. An error that matches [ErrNoCredentials], [ErrInvalidToken] or
	// [ErrMissingLinkedIdentity] is answered with 401, any other with 501.
	//
	// It must not look at the path: without valid credentials every id (known,
	// unknown or malformed) must get the same answer.
	Authenticate func(r *http.Request) (context.Context, error)

	// Authorize reports whether the caller may patch that user, who need not
	// exist. An error that matches [ErrForbidden] is answered with 403. A host
	// that hides who exists returns [userstore.ErrNotFound] for the ids of other
	// users, known or not: 404. Any other error is answered with 501.
	Authorize func(ctx context.Context, id uuid.UUID) error
}

// Admit takes both steps for a host's own operation on a user, such as GET, in the order
// of the handler of [New]: it calls Authenticate, reads the id in the path by [PathID],
// and calls Authorize. It returns the context of Authenticate and the id, or the first
// error, as it is: answer it with [WriteError].
func (a Access) Admit(r *http.Request) (context.Context, uuid.UUID, error) {
	ctx, err := a.authenticate(r)
	if err != nil {
		return nil, uuid.Nil, err
	}
	id, err := PathID(r)
	if err == nil {
		err = a.Authorize(ctx, id)
	}
	if err != nil {
		return nil, uuid.Nil, err
	}
	return ctx, id, nil
}

var errNoContext = errors.New("httphandler: Authenticate returned no context and no error")

func (a Access) authenticate(r *http.Request) (context.Context, error) {
	ctx, err := a.Authenticate(r)
	if err == nil && ctx == nil {
		err = errNoContext
	}
	return ctx, err
}

// The errors of the steps of [Access], matched with [errors.Is].
var (
	// ErrNoCredentials means that the request has no credentials, or none of a
	// scheme that the host supports: 401 with the challenge Bearer.
	ErrNoCredentials = errors.New("httphandler: no credentials")
	// ErrInvalidToken means that the credentials are malformed, unknown, expired
	// or revoked: 401 with the challenge Bearer error="invalid_token" (RFC 6750,
	// section 3.1).
	ErrInvalidToken = errors.New("httphandler: invalid token")
	// ErrMissingLinkedIdentity means that the token is valid, but the user must
	// also have logged in with a third party (page, response 401): 401 with the
	// code missing-linked-identity.
	ErrMissingLinkedIdentity = errors.New("httphandler: missing linked identity")
	// ErrForbidden means that the caller may not do this: 403.
	ErrForbidden = errors.New("httphandler: forbidden")
)

// InsecureAllowEveryone lets everybody patch every user without credentials. Use
// it for experiments only.
func InsecureAllowEveryone() Access {
	return Access{
		Authenticate: func(r *http.Request) (context.Context, error) { return r.Context(), nil },
		Authorize:    func(context.Context, uuid.UUID) error { return nil },
	}
}

// BearerToken returns the bearer token of the request's Authorization field
// (RFC 6750, section 2.1). The case of the scheme does not matter. The error is
// [ErrNoCredentials] if the field is absent or has another scheme, and
// [ErrInvalidToken] if there is more than one field or the token is not a b64token.
func BearerToken(r *http.Request) (string, error) {
	fields := r.Header["Authorization"]
	switch {
	case len(fields) == 0:
		return "", ErrNoCredentials
	case len(fields) > 1:
		return "", ErrInvalidToken
	}
	scheme, token, _ := strings.Cut(fields[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", ErrNoCredentials
	}
	token = strings.TrimLeft(token, " ")
	if !isB64token(token) {
		return "", ErrInvalidToken
	}
	return token, nil
}

// isB64token reports whether s is 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" /
// "+" / "/" ) *"=".
func isB64token(s string) bool {
	s = strings.TrimRight(s, "=")
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("-._~+/", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}
