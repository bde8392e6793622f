package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// printGreeting prints what a person needs to try the server.
func printGreeting(w io.Writer, cfg config, addr net.Addr, toTry []uuid.UUID) error {
	local := baseURL(addr)
	base := cfg.cert.url(local)
	var b bytes.Buffer
	fmt.Fprintf(&b, "Listening on %s\n", addr)
	fmt.Fprintf(&b, "PATCH %s/users/{userId}\n", base)
	fmt.Fprintf(&b, "PATCH %s%s/users/{userId}\n", base, pagePrefix)
	fmt.Fprintf(&b, "Database %s\n", cfg.db.title)
	b.WriteString(cfg.control.greeting())
	for _, id := range toTry {
		fmt.Fprintf(&b, "User %s%s\n", id, note(cfg, id))
	}
	if cfg.tokens.demo {
		fmt.Fprintf(&b, "Token %s may write\n", demoToken)
		fmt.Fprintf(&b, "Token %s may not write: 403\n", demoForbidden)
		fmt.Fprintf(&b, "Token %s lacks its linked identity: 401\n", demoUnlinked)
	}
	b.WriteString(tryText(cfg, local, firstWorking(toTry, cfg.failing)))
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("cannot write to the standard output: %w", err)
	}
	return nil
}

func note(cfg config, id uuid.UUID) string {
	switch id {
	case cfg.failing:
		return " fails: 501"
	case userstore.ExampleUser().ID:
		return " is the documented example"
	}
	return ""
}

// tryText tells how to try the server, whose URL without TLS is local, with the user.
func tryText(cfg config, local string, id uuid.UUID) string {
	switch {
	case id == uuid.Nil:
		return "There are no users yet: userserver import adds some (userserver import -h)\n"
	case isExample(id):
		return "Try:\n" + curlLine(cfg, local, id, `,"attributes":{"firstName":"Jane"}`) + "\n"
	}
	// The user may be a real person.
	return "Try (it changes nothing):\n" + curlLine(cfg, local, id, "") + "\n"
}

// curlLine returns a command line for a POSIX shell that patches the user.
func curlLine(cfg config, local string, id uuid.UUID, attributes string) string {
	// In double quotes, so that the shell expands the variable.
	authorization := `"Authorization: Bearer $ACCESS_TOKEN"`
	if cfg.tokens.demo {
		authorization = quote("Authorization: Bearer " + demoToken)
	}
	body := fmt.Sprintf(`{"data":{"type":"User","id":"%s"%s}}`, id, attributes)
	return strings.Join([]string{
		// -g is for the brackets of IPv6. A proxy could not reach this machine.
		"curl -gsS --noproxy", quote("*") + cfg.cert.curl(local), "-X PATCH", quote(cfg.cert.url(local) + "/users/" + id.String()),
		"-H", authorization,
		"-H", quote("Content-Type: " + httphandler.MediaType),
		"-d", quote(body),
	}, " ")
}

// quote quotes s for a POSIX shell.
func quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
