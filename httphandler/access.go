package httphandler

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// Access decides who may call. Both steps are required: they are apart because
// the checks of the path lie between them. They are called by many goroutines
// at once.
type Access struct {
	// Authenticate finds out who calls. It returns a context derived from
	// r.Context(), which carries the caller to Authorize, to the Store and to
	// the hooks, or an error that matches [ErrNoCredentials], [ErrInvalidToken]
	// or [ErrMissingLinkedIdentity]: 401. Any other error is 501.
	//
	// It must not look at the path: without valid credentials every id, known,
	// unknown or malformed, gets the same answer.
	Authenticate func(r *http.Request) (context.Context, error)

	// Authorize finds out whether the caller may patch that user, who need not
	// exist. An error that matches [ErrForbidden] is 403. One that matches
	// [userstore.ErrNotFound] is 404, for a host that hides who exists: it
	// answers foreign and unknown ids alike. Any other error is 501.
	Authorize func(ctx context.Context, id uuid.UUID) error
}

// The errors of the steps of [Access], matched with errors.Is.
var (
	// ErrNoCredentials: the request has no credentials of a scheme that the
	// host knows. 401 with the challenge Bearer.
	ErrNoCredentials = errors.New("httphandler: no credentials")
	// ErrInvalidToken: the credentials are malformed, unknown, expired or
	// revoked. 401 with the challenge Bearer error="invalid_token" (RFC 6750,
	// section 3.1).
	ErrInvalidToken = errors.New("httphandler: invalid token")
	// ErrMissingLinkedIdentity: the token is good, but the user must also have
	// logged in with a third party (page, 401). 401 with the code
	// missing-linked-identity.
	ErrMissingLinkedIdentity = errors.New("httphandler: missing linked identity")
	// ErrForbidden: the caller may not do this. 403.
	ErrForbidden = errors.New("httphandler: forbidden")
)

// InsecureAllowEveryone lets everybody patch every user without credentials.
// It is for experiments.
func InsecureAllowEveryone() Access {
	return Access{
		Authenticate: func(r *http.Request) (context.Context, error) { return r.Context(), nil },
		Authorize:    func(context.Context, uuid.UUID) error { return nil },
	}
}

// BearerToken returns the bearer token of the request's Authorization field
// (RFC 6750, section 2.1). The scheme is matched in any case. The error is
// [ErrNoCredentials] where the field is absent or has another scheme, and
// [ErrInvalidToken] where there are several fields or the token is not a
// b64token.
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
