package faulty

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/userstore"
)

// A server in another language, with other choices, is green too.
func TestNodeServer(t *testing.T) {
	t.Parallel() // it waits
	report := checkURL(t, servertest.Target{URL: startNode(t)}, conformance.Options{})
	mustBeGreen(t, report)
	// RFC 9110, section 11.6.1; Node takes the first of two Authorization fields.
	if diff := cmp.Diff([]string{"credentials.challenge", "credentials.two-fields"}, red(report)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// startNode starts testdata/server.mjs, which ends with the test, and returns its URL.
func startNode(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("node is needed: ", err)
		}
		t.Skip("NOT RUN, the server in JavaScript needs node: ", err)
	}
	command := exec.Command(node, "testdata/server.mjs", userstore.ExampleUser().ID.String(), maria.ID.String(), failing.ID.String())
	command.Stderr = os.Stderr
	stdin, inErr := command.StdinPipe()
	stdout, outErr := command.StdoutPipe()
	if inErr != nil || outErr != nil {
		t.Fatal(inErr, outErr)
	}
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		stdin.Close() // it ends
		command.Wait()
	})
	port, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err, "the server did not start")
	return "http://127.0.0.1:" + strings.TrimSpace(port)
}
