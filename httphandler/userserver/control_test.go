package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

const controlPattern = `(?m)^Control (http://(127\.0\.0\.1|\[::1\]):\d+/__admin)$`

// admin sends JSON to the control endpoint and returns the status, and the JSON of the
// answer.
func admin(t *testing.T, s *running, method, path, body string) (status int, value map[string]any) {
	t.Helper()
	url := s.stdout.await(t, controlPattern)[1] + path
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		require.NoError(t, json.NewDecoder(response.Body).Decode(&value))
	}
	return response.StatusCode, value
}

func TestControl(t *testing.T) {
	env := map[string]string{tokensEnv: "write own-a,write own-b,forbidden own-c,unlinked own-d"}
	s := startServer(t, env, "-control", "127.0.0.1:0")
	if status, _ := admin(t, s, "POST", "/faults", `{"fault":"status","status":503,"userId":"`+secondID+`"}`); status != http.StatusCreated {
		t.Errorf("inject: %d", status)
	}
	patch(t, s.base, exampleID, "own-a", `{"firstName":"Ada"}`).expect(t, 200, "")
	patch(t, s.base, exampleID, "own-b", noChange).expect(t, 200, "")
	patch(t, s.base, exampleID, "own-c", noChange).expect(t, 403, "forbidden")
	patch(t, s.base, exampleID, "own-d", noChange).expect(t, 401, "missing-linked-identity")
	patch(t, s.base, exampleID, "demo-token", noChange).expect(t, 401, "invalid-token")
	response, err := http.Post(s.base+pagePrefix+"/users/"+secondID, "", nil)
	require.NoError(t, err)
	response.Body.Close()

	_, value := admin(t, s, "GET", "/calls?count=6", "")
	var got []string
	for _, call := range value["calls"].([]any) {
		c := call.(map[string]any)
		got = append(got, fmt.Sprint(c["tokenName"], " ", c["status"]))
	}
	if diff := cmp.Diff([]string{"write 200", "write 200", "forbidden 403", "unlinked 401", "unknown 401", " 503"}, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	admin(t, s, "POST", "/reset", "")
	_, value = admin(t, s, "GET", "/users/"+exampleID, "")
	if name := value["data"].(map[string]any)["attributes"].(map[string]any)["firstName"]; name != "John" {
		t.Errorf("after a reset the first name is %v", name)
	}
	if text := s.stderr.String() + s.stdout.String(); strings.Contains(text, "own-") || strings.Contains(text, "Ada") {
		t.Errorf("a token or a value was printed:\n%s", text)
	}
	for _, path := range []string{"/__admin/calls", "/__admin/openapi.json"} {
		response, err := http.Get(s.base + path)
		require.NoError(t, err)
		response.Body.Close()
		if response.StatusCode != http.StatusNotFound {
			t.Errorf("the port of the operation answers %s with %d", path, response.StatusCode)
		}
	}
}

// The lines in docs/fake.md work.
func TestDocumentedControlLines(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil && os.Getenv("CI") != "true" {
		t.Skipf("SKIPPED, the line is NOT TRIED: %v", err)
	}
	text, err := os.ReadFile("../../docs/fake.md")
	require.NoError(t, err)
	s := startServer(t, nil, "-control", "127.0.0.1:0")
	urls := strings.NewReplacer("http://127.0.0.1:39021", s.base, "http://127.0.0.1:42373/__admin", s.stdout.await(t, controlPattern)[1])
	wants := []string{
		`"firstName":"Joan","lastName":"Smith"`,
		`{"fault":"status","status":503,"header":{"Retry-After":"1"},"body":"503 Service Unavailable\n","times":2}`,
	}
	lines := regexp.MustCompile("(?s)```sh\n(curl .*?)```").FindAllStringSubmatch(string(text), -1)
	require.Len(t, lines, len(wants))
	for i, line := range lines {
		got := shell(t, urls.Replace(strings.Replace(line[1], "curl ", "curl -sS --noproxy '*' ", 1)))
		if !strings.Contains(got, wants[i]) {
			t.Errorf("%s\nanswers %s, want %s", line[1], got, wants[i])
		}
	}
}

func TestNoControlByDefault(t *testing.T) {
	s := startServer(t, nil)
	if strings.Contains(s.stdout.String(), "Control") {
		t.Errorf("greeting %q", s.stdout)
	}
}

func TestControlOnIPv6(t *testing.T) {
	args := []string{"-control", "[::1]:0"}
	skipWithoutIPv6(t, args)
	s := startServer(t, nil, args...)
	if status, _ := admin(t, s, "GET", "/faults", ""); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
}

// A delayed request does not hold up the end of the server.
func TestShutdownEndsDelayedRequests(t *testing.T) {
	s := startServer(t, nil, "-control", "127.0.0.1:0")
	admin(t, s, "POST", "/faults", `{"delayMilliseconds":3600000}`)
	ended := make(chan error)
	go func() {
		response, err := http.Post(s.base+"/users/"+exampleID, "", strings.NewReader("x"))
		if err == nil {
			response.Body.Close()
		}
		ended <- err
	}()
	for used := 0.0; used == 0; {
		_, value := admin(t, s, "GET", "/faults", "")
		used = value["faults"].([]any)[0].(map[string]any)["used"].(float64)
	}
	begin := time.Now()
	s.stop()
	if took := time.Since(begin); took > shutdownTimeout/2 {
		t.Errorf("the shutdown took %v", took)
	}
	if err := <-ended; err == nil {
		t.Error("the delayed request was answered")
	}
}

func TestControlPortInUse(t *testing.T) {
	s := startServer(t, nil)
	taken := strings.TrimPrefix(s.base, "http://")
	stderr := new(buffer)
	if got := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-db", dbMemory, "-control", taken}, testProcess(nil, new(buffer), stderr)); got != exitFailure {
		t.Errorf("exit status %d", got)
	}
	if want := "address already in use: choose another address with -control"; !strings.Contains(stderr.String(), want) {
		t.Errorf("stderr = %q, want %q in it", stderr, want)
	}
}

var otherLanguages = map[string][]string{
	"JavaScript": {"node", "--test", "fake.test.mjs"},
	"Python":     {"python3", "-m", "unittest", "test_fake.py"},
}

// runExample runs the example with the real command, and returns what is printed.
func runExample(t *testing.T, command []string, env ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil && os.Getenv("CI") != "true" {
		t.Skipf("SKIPPED, the example is NOT TRIED (with CI=true this would fail): %v", err)
	}
	// Read, so that go test does not use cached results after a change.
	_, err := os.ReadFile("examples/" + command[len(command)-1])
	require.NoError(t, err)
	program, err := itself()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = "examples"
	cmd.Env = append(os.Environ(), "USERSERVER="+program, "PYTHONDONTWRITEBYTECODE=1", "http_proxy=http://127.0.0.1:1")
	cmd.Env = append(cmd.Env, env...)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestExamplesInOtherLanguages(t *testing.T) {
	for name, command := range otherLanguages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := runExample(t, command)
			require.NoErrorf(t, err, "%v\n%s", command, out)
			if !strings.Contains(out, "# pass 4") && !strings.Contains(out, "Ran 5 tests") {
				t.Errorf("not all tests have run:\n%s", out)
			}
		})
	}
}

// If the server does not start, the example shows what the server says.
func TestExamplesShowWhyTheServerDoesNotStart(t *testing.T) {
	for name, command := range otherLanguages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := runExample(t, command, tokensEnv+"=junk")
			if want := tokensEnv; err == nil || !strings.Contains(out, want) {
				t.Errorf("error %v, want %q in\n%s", err, want, out)
			}
		})
	}
}
