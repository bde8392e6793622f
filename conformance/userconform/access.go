package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/userrecord/userrecord/conformance/servertest"
)

// checkURL refuses what is no base URL, and the URL of another machine unless the user
// allows writes. It does not show a URL that may hold a password.
func checkURL(base string, allowWrites bool) error {
	if base == "" {
		return errors.New("-url is missing: name what /users/{userId} hangs from")
	}
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return errors.New("-url is not a URL: want one such as http://127.0.0.1:8080/user/2025-1")
	case u.User != nil:
		return errors.New("-url holds credentials: remove them, tokens come from the environment")
	case u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("-url is not an absolute http or https URL: want one such as http://127.0.0.1:8080/user/2025-1")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return errors.New("-url must have no query and no fragment")
	case !allowWrites && !isLoopback(u.Hostname()):
		return fmt.Errorf("%s is not this machine, and the suite writes to the users it is given: say -allow-writes if they are there for that", u.Host)
	}
	return nil
}

// readTokens reads the tokens from the environment. Its errors do not show them.
func readTokens(t *servertest.Target, env lookupEnv) error {
	seen := map[string]string{}
	for _, variable := range []struct {
		name  string
		token *string
	}{{"ACCESS_TOKEN", &t.Token}, {"FORBIDDEN_TOKEN", &t.ForbiddenToken}, {"UNLINKED_TOKEN", &t.UnlinkedToken}} {
		token, _ := env(variable.name)
		if token == "" {
			continue
		}
		if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return fmt.Errorf("the environment variable %s holds what no token can: give the token alone, without Bearer, spaces or line ends", variable.name)
		}
		if first, ok := seen[token]; ok {
			return fmt.Errorf("%s and %s hold the same token", first, variable.name)
		}
		seen[token] = variable.name
		*variable.token = token
	}
	if t.Token == "" {
		return errors.New("the environment variable ACCESS_TOKEN is not set: it holds a token that may write the user")
	}
	return nil
}
