package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// The tokens are from the issuer for the audience.
const issuer, audience = "https://idp.example", "examplehost"

// claims are the claims of a token. Its subject is the caller's user id.
type claims struct {
	jwt.RegisteredClaims
	Tenant string `json:"tenant"`
	Admin  bool   `json:"admin,omitempty"`
}

// A caller is a user, or an admin, of one tenant.
type caller struct {
	id     uuid.UUID
	tenant string
	admin  bool
}

func (c claims) caller() (caller, error) {
	id, err := userstore.ParseID(c.Subject)
	if err != nil || c.Tenant == "" {
		return caller{}, fmt.Errorf("%w: no user id or no tenant", jwt.ErrTokenInvalidClaims)
	}
	return caller{id, c.Tenant, c.Admin}, nil
}

// newAccess lets in whoever has a token that the key has signed: users to themselves, and
// admins to everybody of their tenant. The store knows nobody else, so for another
// tenant's user an admin gets the answer of an id that nobody has.
func newAccess(key []byte, logger *slog.Logger) (users, admins httphandler.Access) {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithExpirationRequired())
	authenticate := func(r *http.Request) (context.Context, error) {
		token, err := httphandler.BearerToken(r)
		if err != nil {
			return nil, err
		}
		var c claims
		var who caller
		if _, err = parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return key, nil }); err == nil {
			who, err = c.caller()
		}
		if err != nil {
			if errors.Is(err, jwt.ErrTokenMalformed) {
				err = jwt.ErrTokenMalformed // without the text, which may quote the token
			}
			logger.InfoContext(r.Context(), "token refused", "err", err)
			return nil, httphandler.ErrInvalidToken
		}
		return withCaller(r.Context(), who), nil
	}
	whoever := func(may func(who caller, id uuid.UUID) bool) httphandler.Access {
		return httphandler.Access{Authenticate: authenticate, Authorize: func(ctx context.Context, id uuid.UUID) error {
			who, err := callerIn(ctx)
			if err == nil && !may(who, id) {
				err = httphandler.ErrForbidden
			}
			return err
		}}
	}
	return whoever(func(who caller, id uuid.UUID) bool { return who.admin || who.id == id }),
		whoever(func(who caller, _ uuid.UUID) bool { return who.admin })
}

type callerKey struct{}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

func callerIn(ctx context.Context) (caller, error) {
	c, ok := ctx.Value(callerKey{}).(caller)
	if !ok {
		return caller{}, errors.New("the context has no caller")
	}
	return c, nil
}

// readKey reads the key, which for HS256 has 32 bytes at least (RFC 7518, section 3.2).
func readKey(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key := bytes.TrimSpace(text)
	if len(key) < 32 {
		return nil, fmt.Errorf("the key in %s has less than 32 bytes", file)
	}
	return key, nil
}
