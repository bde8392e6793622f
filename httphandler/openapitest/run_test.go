//go:build !race

package openapitest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// documentFile is what httphandler embeds.
const documentFile = "../openapi.json"

type command struct {
	dir         string
	args        []string
	environment []string // beside ours
}

// node is the command that runs a script in JavaScript. In a second or two, optimizing takes
// longer than it saves.
func node(dir, script string, args ...string) command {
	return command{dir: dir, args: append([]string{"node", "--no-opt", script}, args...)}
}

// run runs a command and returns what it prints.
func run(t *testing.T, c command) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	cmd.Dir, cmd.WaitDelay = c.dir, 5*time.Second
	cmd.Env = append(append(os.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1"), c.environment...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoErrorf(t, err, "%v\n%s%s", cmd, out, &stderr)
	return out
}

// copyFiles copies files of this folder into another, so that go test does not use cached results
// after a change.
func copyFiles(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o600))
	}
}
