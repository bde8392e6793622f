package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/userrecord/userrecord/httphandler"
)

// tokensEnv is the environment variable that may contain the tokens.
const tokensEnv = "USERSERVER_TOKENS"

// The demo tokens.
const (
	demoToken     = "demo-token"
	demoForbidden = "demo-forbidden"
	demoUnlinked  = "demo-unlinked"
)

// tokens are the accepted tokens.
type tokens struct {
	grants map[string]httphandler.Grant
	demo   bool // nothing was configured
}

func demoTokens() tokens {
	return tokens{demo: true, grants: map[string]httphandler.Grant{
		demoToken:     httphandler.GrantWrite,
		demoForbidden: httphandler.GrantNone,
		demoUnlinked:  httphandler.GrantUnlinked,
	}}
}

// public reports whether a demo token is accepted, even if it was configured.
func (t tokens) public() bool {
	for token := range demoTokens().grants {
		if _, ok := t.grants[token]; ok {
			return true
		}
	}
	return false
}

// loadTokens returns the tokens of the file or of the environment, or else the demo
// tokens.
func loadTokens(file string, lookupEnv lookupEnv, logger *slog.Logger) (tokens, error) {
	env, inEnv := lookupEnv(tokensEnv)
	switch {
	case file != "" && inEnv:
		return tokens{}, usagef("there are tokens in -tokens and in %s: use only one", tokensEnv)
	case file != "":
		text, err := readTokenFile(file, logger)
		if err != nil {
			return tokens{}, usagef("-tokens: the file cannot be read: %w", err)
		}
		return parseTokens("-tokens", text, false)
	case inEnv:
		return parseTokens(tokensEnv, env, true)
	}
	return demoTokens(), nil
}

// parseTokens parses the entries of text. An error names the line, and never shows the
// entry.
func parseTokens(source, text string, commas bool) (tokens, error) {
	t := tokens{grants: make(map[string]httphandler.Grant)}
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		entries := []string{line}
		if commas {
			entries = strings.Split(line, ",")
		}
		for j, entry := range entries {
			if err := t.add(entry); err != nil {
				place := fmt.Sprintf("line %d", i+1)
				if commas {
					place += fmt.Sprintf(", entry %d", j+1)
				}
				return tokens{}, usagef("%s: %s: %w", source, place, err)
			}
		}
	}
	if len(t.grants) == 0 {
		return tokens{}, usagef("%s: there is no token in it: add a line such as write TOKEN", source)
	}
	return t, nil
}

// add adds one entry, unless it is blank.
func (t tokens) add(entry string) error {
	fields := strings.Fields(entry)
	if len(fields) == 0 {
		return nil
	}
	grant, ok := grantNames[fields[0]]
	if !ok || len(fields) != 2 {
		return errors.New("want GRANT TOKEN, where GRANT is write, forbidden or unlinked")
	}
	token := fields[1]
	if _, twice := t.grants[token]; twice {
		return errors.New("the token is a duplicate: give every token once")
	}
	// The same check that the handler makes.
	request := http.Request{Header: http.Header{"Authorization": {"Bearer " + token}}}
	if _, err := httphandler.BearerToken(&request); err != nil {
		return errors.New("no client can send the token: use letters, digits and -._~+/ (RFC 6750, b64token)")
	}
	t.grants[token] = grant
	return nil
}

var grantNames = map[string]httphandler.Grant{
	"write":     httphandler.GrantWrite,
	"forbidden": httphandler.GrantNone,
	"unlinked":  httphandler.GrantUnlinked,
}
