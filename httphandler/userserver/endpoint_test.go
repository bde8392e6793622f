package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestDemoTokens(t *testing.T) {
	s := startServer(t, nil)
	for _, base := range []string{s.base, s.base + pagePrefix} {
		for _, test := range []struct {
			token  string
			status int
			code   string
		}{
			{demoToken, 200, ""},
			{demoForbidden, 403, "forbidden"},
			{demoUnlinked, 401, "missing-linked-identity"},
			{"another", 401, "invalid-token"},
			{"", 401, "missing-credentials"},
		} {
			patch(t, base, exampleID, test.token, noChange).expect(t, test.status, test.code)
		}
	}
	if demoToken != "demo-token" || demoForbidden != "demo-forbidden" || demoUnlinked != "demo-unlinked" {
		t.Error("the demo tokens are not the documented ones")
	}
}

func TestEveryMethodIsMounted(t *testing.T) {
	s := startServer(t, nil)
	response, err := http.Get(s.base + pagePrefix + "/users/" + exampleID)
	require.NoError(t, err)
	defer response.Body.Close()
	readAnswer(t, response).expect(t, 405, "method-not-allowed")
}

func TestSecondUser(t *testing.T) {
	s := startServer(t, nil)
	got := patch(t, s.base, secondID, demoToken, noChange)
	if diff := cmp.Diff(parse(t, secondRecord), parse(t, got.body)); diff != "" {
		t.Errorf("the second user (-want +got):\n%s", diff)
	}
	for _, id := range []string{exampleID, secondID} {
		s.stdout.await(t, "(?m)^User "+id)
	}
}

func TestFailingUser(t *testing.T) {
	const another = "11111111-2222-4333-8444-555555555555"
	for _, id := range []string{another, exampleID} {
		s := startServer(t, nil, "-failing-user", id)
		patch(t, s.base, id, demoToken, `{"firstName":"Grace"}`).expect(t, 501, "internal-error")
		patch(t, s.base, id, demoToken, `{"gender":"x"}`).expect(t, 422, "invalid-attribute")
		patch(t, s.base, secondID, demoToken, noChange).expect(t, 200, "")
		s.stdout.await(t, "(?m)^User "+id+" fails: 501$")
		s.stderr.await(t, `level=ERROR msg="user patch: internal failure" class=store`)
	}
}

func TestLogIsStructuredAndShowsNothingPersonal(t *testing.T) {
	s := startServer(t, nil, "-failing-user", secondID)
	patch(t, s.base, exampleID, demoToken, `{"email":"private-email"}`).expect(t, 422, "invalid-attribute")
	patch(t, s.base, secondID, demoToken, `{"firstName":"private-name"}`).expect(t, 501, "internal-error")
	patch(t, s.base, exampleID, "private-token", noChange).expect(t, 401, "invalid-token")
	s.stop()
	log := s.stderr.String()
	for line := range strings.Lines(log) {
		if !strings.HasPrefix(line, "time=") || !strings.Contains(line, " level=") {
			t.Errorf("log line %q is not structured", line)
		}
	}
	for _, secret := range []string{"private", "demo-token", "Smith", "maria@"} {
		if strings.Contains(log, secret) {
			t.Errorf("%q appears in the log:\n%s", secret, log)
		}
	}
	s.stderr.await(t, `status=422 code=invalid-attribute`)
}

type closedWriter struct{}

func (closedWriter) Write([]byte) (int, error) { return 0, errors.New("closed") }

func TestFailuresAtRunTime(t *testing.T) {
	s := startServer(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	taken := strings.TrimPrefix(s.base, "http://")
	for _, test := range []struct {
		addr   string
		stdout io.Writer
		want   string
	}{
		{taken, io.Discard, `address already in use: choose another address with -addr`},
		{"127.0.0.1:0", closedWriter{}, `cannot write to the standard output: closed`},
	} {
		stderr := new(buffer)
		if got := run(ctx, []string{"-addr", test.addr, "-db", dbMemory}, testProcess(nil, test.stdout, stderr)); got != 1 {
			t.Errorf("exit status = %d, want 1", got)
		}
		if !strings.Contains(stderr.String(), test.want) {
			t.Errorf("stderr = %q, want an error with %q", stderr, test.want)
		}
	}
}

// If the port is in use, nothing is created.
func TestPortInUseCreatesNothing(t *testing.T) {
	s := startServer(t, nil)
	t.Chdir(t.TempDir())
	stderr := new(buffer)
	if got := run(t.Context(), []string{"-addr", strings.TrimPrefix(s.base, "http://")}, testProcess(nil, io.Discard, stderr)); got != exitFailure {
		t.Errorf("exit status = %d, stderr = %s", got, stderr)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 0 {
		t.Errorf("files %v, %v; want none", left, err)
	}
}

// What belongs to tests in Go does not belong in a server.
func TestDependencies(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").CombinedOutput()
	require.NoErrorf(t, err, "go list\n%s", out)
	for _, path := range strings.Fields(string(out)) {
		if path == "testing" || path == "net/http/httptest" || strings.Contains(path, "go-cmp") {
			t.Errorf("the server imports %s", path)
		}
	}
}
