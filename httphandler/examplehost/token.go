package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// printToken prints a token for an hour, to try the application with. Those of real users
// come from an identity provider.
func printToken(_ context.Context, args []string) error {
	var c claims
	flags := flag.NewFlagSet("examplehost token", flag.ExitOnError)
	keyFile := flags.String("jwt-key-file", "jwt.key", "`FILE` with the key of the tokens")
	flags.StringVar(&c.Tenant, "tenant", "acme", "`TENANT` of the caller")
	flags.StringVar(&c.Subject, "sub", uuid.NewString(), "user `ID` of the caller")
	flags.BoolVar(&c.Admin, "admin", false, "the caller is an admin of the tenant")
	if err := parse(flags, args); err != nil {
		return err
	}
	if _, err := c.caller(); err != nil {
		return err
	}
	key, err := readKey(*keyFile)
	if err != nil {
		return err
	}
	token, err := newToken(key, c, time.Hour)
	if err == nil {
		_, err = fmt.Fprintln(os.Stdout, token)
	}
	return err
}

func newToken(key []byte, c claims, validFor time.Duration) (string, error) {
	c.Issuer = issuer
	c.Audience = jwt.ClaimStrings{audience}
	c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(validFor))
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(key)
}
