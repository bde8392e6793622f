package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A buffer can be written and read concurrently.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// await waits until the buffer matches and returns the submatches.
func (b *buffer) await(t *testing.T, pattern string) []string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if found := re.FindStringSubmatch(b.String()); found != nil {
			return found
		}
	}
	t.Fatalf("waited in vain for %q in:\n%s", pattern, b)
	return nil
}

func environment(env map[string]string) lookupEnv {
	return func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}
}

// testProcess returns a process with an empty standard input.
func testProcess(env map[string]string, stdout, stderr io.Writer) process {
	return process{environment(env), strings.NewReader(""), stdout, stderr}
}

// A running is a server running in this process.
type running struct {
	stdout, stderr *buffer
	base           string // the printed URL
	curl           string
	stop           func() (status int)
}

const (
	// The last line of the greeting.
	curlPattern = `(?m)^(curl .*|There are no users yet.*)\n`
	basePattern = `(?m)^PATCH (.*)/users/\{userId\}$`
)

// startServer starts the server on a free port, with users in memory unless args say
// otherwise.
func startServer(t *testing.T, env map[string]string, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &running{stdout: new(buffer), stderr: new(buffer)}
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, append([]string{"-addr", "127.0.0.1:0", "-db", dbMemory}, args...), testProcess(env, s.stdout, s.stderr))
	}()
	s.stop = sync.OnceValue(func() int { cancel(); return <-status })
	t.Cleanup(func() {
		if got := s.stop(); got != exitOK {
			t.Errorf("exit status = %d, want 0; stderr:\n%s", got, s.stderr)
		}
	})
	s.curl = s.stdout.await(t, curlPattern)[1]
	s.base = s.stdout.await(t, basePattern)[1]
	return s
}

// An answer is the answer of the server to a patch.
type answer struct {
	status int
	code   string // of the first error object
	body   string
}

const noChange = `{}` // attributes

// patch sends the attributes.
func patch(t *testing.T, base, id, token, attributes string) answer {
	t.Helper()
	body := `{"data":{"type":"User","id":"` + id + `","attributes":` + attributes + `}}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, base+"/users/"+id, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/vnd.api+json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	return readAnswer(t, response)
}

func readAnswer(t *testing.T, response *http.Response) answer {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	var document struct{ Errors []struct{ Code string } }
	require.NoErrorf(t, json.Unmarshal(body, &document), "status %d, body %q", response.StatusCode, body)
	a := answer{status: response.StatusCode, body: string(body)}
	if len(document.Errors) > 0 {
		a.code = document.Errors[0].Code
	}
	return a
}

// expect compares the answer without its body.
func (a answer) expect(t *testing.T, status int, code string) {
	t.Helper()
	if a.status != status || a.code != code {
		t.Errorf("answer = %d %q, want %d %q; body:\n%s", a.status, a.code, status, code, a.body)
	}
}
