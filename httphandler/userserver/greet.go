package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// greet prints what a person needs to try the server.
func greet(w io.Writer, cfg config, addr net.Addr, users []userstore.User) error {
	base := baseURL(addr)
	var b bytes.Buffer
	fmt.Fprintf(&b, "Listening on %s\n", addr)
	fmt.Fprintf(&b, "PATCH %s/users/{userId}\n", base)
	fmt.Fprintf(&b, "PATCH %s%s/users/{userId}\n", base, pagePrefix)
	for _, user := range users {
		fmt.Fprintf(&b, "User %s%s\n", user.ID, note(cfg, user))
	}
	if cfg.tokens.demo {
		fmt.Fprintf(&b, "Token %s may write\n", demoToken)
		fmt.Fprintf(&b, "Token %s may not write: 403\n", demoForbidden)
		fmt.Fprintf(&b, "Token %s lacks its linked identity: 401\n", demoUnlinked)
	}
	if cfg.fault != "" {
		fmt.Fprintf(&b, "Fault %s is served on purpose\n", cfg.fault)
	}
	fmt.Fprintf(&b, "Try:\n%s\n", curlLine(cfg, base, users))
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("cannot write to the standard output: %w", err)
	}
	return nil
}

func note(cfg config, user userstore.User) string {
	switch user.ID {
	case cfg.failing:
		return " fails: 501"
	case userstore.ExampleUser().ID:
		return " is the documented example"
	}
	return ""
}

// curlLine returns a line for a POSIX shell that patches the first user who
// does not fail.
func curlLine(cfg config, base string, users []userstore.User) string {
	id := users[0].ID
	if id == cfg.failing {
		id = users[1].ID
	}
	// In double quotes, for the shell to fill in.
	authorization := `"Authorization: Bearer $ACCESS_TOKEN"`
	if cfg.tokens.demo {
		authorization = quote("Authorization: Bearer " + demoToken)
	}
	body := fmt.Sprintf(`{"data":{"type":"User","id":"%s","attributes":{"firstName":"Jane"}}}`, id)
	return strings.Join([]string{
		// -g leaves the brackets of IPv6 alone. A proxy could not reach us.
		"curl -gsS --noproxy", quote("*"), "-X PATCH", quote(base + "/users/" + id.String()),
		"-H", authorization,
		"-H", quote("Content-Type: " + httphandler.MediaType),
		"-d", quote(body),
	}, " ")
}

// quote quotes s for a POSIX shell.
func quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
