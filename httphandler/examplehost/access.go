package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// audience is whom the tokens are for.
const audience = "examplehost"

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
		return caller{}, httphandler.ErrInvalidToken
	}
	return caller{id, c.Tenant, c.Admin}, nil
}

// newAccess lets in whoever has a token that the key has signed: users to themselves, and
// admins to everybody of their tenant. The store knows nobody else, so for another
// tenant's user an admin gets the answer of an id that nobody has.
func newAccess(key []byte) (users, admins httphandler.Access) {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithAudience(audience), jwt.WithExpirationRequired())
	authenticate := func(r *http.Request) (context.Context, error) {
		token, err := httphandler.BearerToken(r)
		if err != nil {
			return nil, err
		}
		var c claims
		if _, err := parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
			return nil, httphandler.ErrInvalidToken
		}
		who, err := c.caller()
		return withCaller(r.Context(), who), err
	}
	users = httphandler.Access{Authenticate: authenticate, Authorize: func(ctx context.Context, id uuid.UUID) error {
		return allow(ctx, func(who caller) bool { return who.admin || who.id == id })
	}}
	admins = httphandler.Access{Authenticate: authenticate, Authorize: func(ctx context.Context, _ uuid.UUID) error {
		return allow(ctx, func(who caller) bool { return who.admin })
	}}
	return users, admins
}

func allow(ctx context.Context, may func(caller) bool) error {
	who, err := callerIn(ctx)
	if err == nil && !may(who) {
		err = httphandler.ErrForbidden
	}
	return err
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
