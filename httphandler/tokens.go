package httphandler

import (
	"context"
	"crypto/sha256"
	"net/http"

	"github.com/google/uuid"
)

// Grant is what a static token allows.
type Grant int

// The grants.
const (
	GrantNone     Grant = iota // authenticated, but may patch nobody: 403
	GrantWrite                 // may patch every user
	GrantUnlinked              // its linked identity is missing: 401
)

// StaticTokens returns the [Access] of a fixed set of bearer tokens, for tests,
// demonstrations and services that call each other. It keeps only their SHA-256
// hashes, so the time of a lookup reveals nothing about a token. It panics if a
// token is not a b64token (RFC 6750, section 2.1), which no client could send, or if
// a grant is none of the constants.
func StaticTokens(grants map[string]Grant) Access {
	known := make(map[[sha256.Size]byte]Grant, len(grants))
	for token, grant := range grants {
		if !isB64token(token) || grant < GrantNone || grant > GrantUnlinked {
			panic("httphandler: StaticTokens has a malformed token or an unknown grant")
		}
		known[sha256.Sum256([]byte(token))] = grant
	}
	return Access{
		Authenticate: func(r *http.Request) (context.Context, error) {
			token, err := BearerToken(r)
			if err != nil {
				return nil, err
			}
			grant, ok := known[sha256.Sum256([]byte(token))]
			switch {
			case !ok:
				return nil, ErrInvalidToken
			case grant == GrantUnlinked:
				return nil, ErrMissingLinkedIdentity
			}
			return context.WithValue(r.Context(), grantKey{}, grant), nil
		},
		Authorize: func(ctx context.Context, _ uuid.UUID) error {
			if ctx.Value(grantKey{}) != GrantWrite {
				return ErrForbidden
			}
			return nil
		},
	}
}

type grantKey struct{}
