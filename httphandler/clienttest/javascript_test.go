package clienttest_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/httphandler/internal/npm"
)

// TestJavaScript runs the script of each client. testdata/<client>.json is what it must
// print, testdata/<client>-body.json is the first body that it must send.
func TestJavaScript(t *testing.T) {
	npm.Require(t, "the JavaScript clients")
	for _, client := range []string{"orbit", "devour", "kitsu"} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			server := newServer(t)
			got := runScript(t, client+".mjs", server)
			checkJSON(t, "what the client understood", read(t, "testdata", client+".json"), got)
			checkStore(t, server)
			checkCalls(t, server, read(t, "testdata", client+"-body.json"))
		})
	}
}

// An attribute that somebody else has cleared does not stay in an app's cache: Orbit
// merges the answer to the app's next patch into its record.
func TestOrbitCacheForgetsWhatIsCleared(t *testing.T) {
	npm.Require(t, "the JavaScript clients")
	got := runScript(t, "orbit-cache.mjs", newServer(t))
	checkJSON(t, "what the cache holds", read(t, "testdata", "orbit-cache.json"), got)
}

// runScript runs the script against the server and returns what it prints.
func runScript(t *testing.T, script string, server *handlertest.Server) []byte {
	t.Helper()
	// Read, so that go test does not use cached results after a change.
	read(t, script)
	read(t, "scenario.mjs")
	read(t, "orbit-schema.mjs")

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", script)
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = append(os.Environ(),
		"BASE_URL="+server.URL,
		"USER_ID="+handlertest.ExampleID,
		"TOKEN="+handlertest.Token,
		"UNLINKED_TOKEN="+handlertest.UnlinkedToken,
		"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
		"TZ=America/New_York", // a time zone must not shift a date
	)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoErrorf(t, err, "node %s\n%s", script, &stderr)
	return out
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(text)
}
