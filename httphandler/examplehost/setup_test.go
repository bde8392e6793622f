package main

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
)

// Wrong arguments end the process before it looks for the key, and are named once.
func TestArguments(t *testing.T) {
	t.Parallel()
	program := linkProgram(t, t.TempDir())
	for arguments, want := range map[string]string{
		"bogus":             `"bogus"`,
		"-bogus":            "-bogus",
		"token bogus":       `"bogus"`,
		"token -bogus":      "-bogus",
		"token -sub nobody": "no user id or no tenant",
		"token -tenant=":    "no user id or no tenant",
	} {
		command := exec.Command(program, strings.Fields(arguments)...)
		command.Dir = t.TempDir()
		var stderr bytes.Buffer
		command.Stderr = &stderr
		stdout, err := command.Output()
		if err == nil || strings.Count(stderr.String(), want) != 1 || len(stdout) > 0 {
			t.Errorf("%s: %v, %s%s", arguments, err, stdout, stderr.String())
		}
	}
}

// What Check could not prove is a warning.
func TestUnproved(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		for _, statement := range []string{
			"ALTER TABLE accounts DROP COLUMN gender",
			"ALTER TABLE accounts ADD COLUMN gender text CHECK (gender IN ('m', 'f'))",
		} {
			_, err := h.db.ExecContext(t.Context(), statement)
			require.NoError(t, err)
		}
		require.NoError(t, h.accounts.Check(t.Context(), h.logger()))
		if logs := h.logs.String(); !strings.Contains(logs, `"level":"WARN"`) || !strings.Contains(logs, "/gender") {
			t.Errorf("the log: %s", logs)
		}
	})
}

// A create reads its body by the options of the patch.
func TestOptions(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		id := h.create("acme", `{}`)
		for allowed, want := range map[bool][2]int{false: {415, 415}, true: {201, 200}} {
			h.serve(&httphandler.Options{Logger: h.logger(), AllowCharsetUTF8: allowed})
			h.contentType += "; charset=utf-8"
			created, _ := h.call(h.admin("acme"), "POST", "/users", newUser(`{}`))
			patched, _ := h.patch(h.admin("acme"), id, `{}`)
			if got := [2]int{created, patched}; got != want {
				t.Errorf("with AllowCharsetUTF8 %t: want %v, got %v", allowed, want, got)
			}
		}
	})
}
