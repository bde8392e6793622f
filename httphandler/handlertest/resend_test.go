package handlertest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// need returns the path of a program. Without it the test is skipped, but not on a CI
// machine.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
	case os.Getenv("CI") != "true":
		t.Skipf("SKIPPED: not tested with %s (with CI=true this would fail): %v", program, err)
	default:
		t.Fatalf("not tested with %s: %v", program, err)
	}
	return path
}

// Two patches over one connection, which ends when the second has been carried out:
// what the fake sees of them.
func lostOnReusedConnection(server *handlertest.Server) {
	server.Inject(handlertest.Fault{})
	server.Inject(handlertest.LoseAnswer)
}

var sentTwice = []int{200, 0, 200}

func statuses(server *handlertest.Server) []int {
	var got []int
	for _, call := range server.Calls() {
		if call.Method == http.MethodPatch {
			got = append(got, call.Status)
		}
	}
	return got
}

// curl sends a PATCH again, without a word, if a connection that has served a request dies
// before the answer, although the first was carried out.
func TestCurlSendsALostPatchAgain(t *testing.T) {
	curl := need(t, "curl")
	send := func(server *handlertest.Server, times int) (statuses string, err error) {
		args := []string{
			"-sS", "--noproxy", "*", "-X", "PATCH", "-w", "%{http_code} ", "-d", doorBody,
			"-H", "Content-Type: " + httphandler.MediaType, "-H", "Authorization: Bearer " + handlertest.Token,
		}
		for range times {
			args = append(args, "--url", server.URL+"/users/"+handlertest.ExampleID, "-o", os.DevNull)
		}
		out, err := exec.CommandContext(t.Context(), curl, args...).Output()
		return string(out), err
	}

	// As soon as the lost patch has set Joan, another client sets Jim: its change is lost.
	var server *handlertest.Server
	var commits atomic.Int32
	server = handlertest.Config{Options: &httphandler.Options{
		AfterCommit: func(ctx context.Context, id uuid.UUID, _ []string) error {
			if commits.Add(1) > 1 {
				return nil
			}
			_, err := server.Store.Patch(ctx, id, userstore.Attributes{FirstName: userstore.Value("Jim")})
			return err
		},
	}}.NewServer(t)
	server.Inject(handlertest.Forbidden) // the first request on the connection
	server.Inject(handlertest.LoseAnswer)
	out, err := send(server, 2)
	require.NoError(t, err)
	if out != "403 200 " {
		t.Errorf("curl saw %s, want 403 200", out)
	}
	if diff := cmp.Diff([]int{403, 0, 200}, statuses(server)); diff != "" {
		t.Errorf("answers to two patches (-want +got):\n%s", diff)
	}
	user, err := server.Store.Get(t.Context(), exampleID)
	require.NoError(t, err)
	if name, _ := user.Attributes.FirstName.Get(); name != "Joan" || commits.Load() != 2 {
		t.Errorf("the first name is %s after %d commits, want Joan after 2", name, commits.Load())
	}

	// On a new connection the answer is missing, and curl says so.
	server = handlertest.NewServer(t)
	server.Inject(handlertest.LoseAnswer)
	const emptyReply = 52
	if _, err := send(server, 1); err == nil || err.(*exec.ExitError).ExitCode() != emptyReply {
		t.Errorf("curl ended with %v, want exit status %d", err, emptyReply)
	}
	if diff := cmp.Diff([]int{0}, statuses(server)); diff != "" {
		t.Errorf("answers to one patch (-want +got):\n%s", diff)
	}
}

const resendPage = `<!doctype html><script type="module">
const patch = () => fetch('/users/` + handlertest.ExampleID + `', {
  method: 'PATCH',
  headers: {'Content-Type': '` + httphandler.MediaType + `', 'Authorization': 'Bearer ` + handlertest.Token + `'},
  body: '` + doorBody + `',
}).then(async (answer) => { await answer.text(); return answer.status; }, String);
const seen = [await patch(), await patch()];
await fetch('/seen', {method: 'POST', body: seen.join(' ')});
</script>`

// So does a browser.
func TestBrowserSendsALostPatchAgain(t *testing.T) {
	chromium := need(t, "chromium")
	server := handlertest.NewServer(t)
	lostOnReusedConnection(server)
	seen := make(chan string, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, resendPage) })
	mux.HandleFunc("POST /seen", func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		seen <- string(text)
	})
	mux.Handle("/users/", server.Fake)
	host := serve(t, mux)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	browser := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--no-proxy-server", "--user-data-dir="+t.TempDir(), "--remote-debugging-port=0", host)
	browser.WaitDelay = 5 * time.Second
	var log strings.Builder
	browser.Stderr = &log
	require.NoError(t, browser.Start())
	ended := make(chan error, 1)
	go func() { ended <- browser.Wait() }()
	select {
	case text := <-seen:
		if text != "200 200" {
			t.Errorf("the page saw %s, want 200 200", text)
		}
		cancel()
		<-ended
	case err := <-ended:
		t.Fatalf("the browser has ended: %v\n%s", err, &log)
	}
	if diff := cmp.Diff(sentTwice, statuses(server)); diff != "" {
		t.Errorf("answers to two patches (-want +got):\n%s", diff)
	}
}

// serve serves until the test ends, and returns the URL.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// Go's client does not, since a PATCH is not idempotent (RFC 5789, section 2), unless a
// header field says that this one is. Without a port it never does.
func TestGoSendsALostPatchAgainIfItHasAKey(t *testing.T) {
	for key, want := range map[string]struct {
		err      string
		statuses []int
	}{
		"":                  {"EOF", []int{200, 0}},
		"Idempotency-Key":   {"", sentTwice},
		"X-Idempotency-Key": {"", sentTwice},
	} {
		t.Run(key, func(t *testing.T) {
			withKey := func(r *http.Request) {
				if key != "" {
					r.Header.Set(key, "1")
				}
			}
			server := handlertest.NewServer(t)
			lostOnReusedConnection(server)
			transport := new(http.Transport)
			defer transport.CloseIdleConnections()
			for _, want := range []string{"", want.err} {
				if o := observe(t, transport, server.Fake, server.URL, withKey); o.Error != want {
					t.Errorf("error %q, want %q", o.Error, want)
				}
			}
			if diff := cmp.Diff(want.statuses, statuses(server)); diff != "" {
				t.Errorf("answers to two patches (-want +got):\n%s", diff)
			}

			f := handlertest.New()
			f.Inject(handlertest.LoseAnswer)
			if o := observe(t, f, f, "http://users.test", withKey); o.Error != "EOF" || len(o.Calls) != 1 {
				t.Errorf("without a port: error %q, calls %v", o.Error, o.Calls)
			}
		})
	}
}
