package httphandler_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// How nginx talks to the server behind it. nginx's default is HTTP/1.0 with
// Connection: close.
var proxied = []struct{ name, location string }{
	{"by default", "proxy_pass http://users;"},
	{"HTTP/1.1", "proxy_pass http://users; proxy_http_version 1.1;"},
	{"HTTP/1.1 keep-alive", `proxy_pass http://users; proxy_http_version 1.1; proxy_set_header Connection "";`},
	{"unbuffered", `proxy_pass http://users; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off;`},
}

// refusalRounds is how often each refusal is tried: if bodies are not drained, about every tenth is lost.
const refusalRounds = 2

// Behind nginx, a client gets our refusal, however much of its body was unread. (If a
// connection is closed with unread bytes, nginx answers 502.)
func TestRefusalsBehindNginx(t *testing.T) {
	t.Parallel()
	for _, p := range proxied {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.StaticTokens(proxiedTokens), nil)
			socket := nginx(t, h, p.location)
			sizes := slices.Repeat([]int{9_000, 20_000, 66_000, 130_000, 250_000}, refusalRounds)
			for _, size := range append(sizes, 1_000_000) {
				t.Run(fmt.Sprint(size), func(t *testing.T) {
					t.Parallel() // some answers on a kept connection come late
					for _, tt := range refusals {
						tt.through(t, socket, size)
					}
				})
			}
		})
	}
}

var proxiedTokens = map[string]httphandler.Grant{"t": httphandler.GrantWrite, "none": httphandler.GrantNone}

// A refused is a request that is refused before its body is read, or while it is.
type refused struct {
	method, token, id, accept, contentType string
	chunked                                bool
	want                                   int
}

var refusals = []refused{
	{"POST", "t", exampleID, "*/*", httphandler.MediaType, false, 405},
	{"PATCH", "wrong", exampleID, "*/*", httphandler.MediaType, false, 401},
	{"PATCH", "wrong", exampleID, "*/*", httphandler.MediaType, true, 401},
	{"PATCH", "none", exampleID, "*/*", httphandler.MediaType, false, 403},
	{"PATCH", "t", malformedID, "*/*", httphandler.MediaType, false, 404},
	{"PATCH", "t", exampleID, "text/html", httphandler.MediaType, false, 406},
	{"PATCH", "t", exampleID, "*/*", "application/json", false, 415},
	{"PATCH", "t", exampleID, "*/*", httphandler.MediaType, false, 422}, // too large, or not JSON
	{"PATCH", "t", exampleID, "*/*", httphandler.MediaType, true, 422},
}

func (tt refused) request(base string, size int) (*http.Request, error) {
	var body io.Reader = strings.NewReader(strings.Repeat("x", size))
	if tt.chunked {
		body = io.MultiReader(body) // of unknown length
	}
	r, err := http.NewRequest(tt.method, base+"/users/"+tt.id, body)
	if err != nil {
		return nil, err
	}
	r.Header = http.Header{"Authorization": {"Bearer " + tt.token}, "Accept": {tt.accept}, "Content-Type": {tt.contentType}}
	return r, nil
}

// through sends the request to the socket while it waits for the answer. (An http.Client
// may tell of a write that failed rather than of an answer that came before.)
func (tt refused) through(t *testing.T, socket string, size int) {
	t.Helper()
	r, err := tt.request("http://nginx", size)
	require.NoError(t, err)
	conn, err := net.Dial("unix", socket)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	go r.Write(conn)
	response, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		t.Errorf("%d bytes: %v, want %d", size, err, tt.want)
		return
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != tt.want || response.Header.Get("Content-Type") != httphandler.MediaType {
		t.Errorf("%d bytes: %d %q, %v; want our %d", size, response.StatusCode, text, err, tt.want)
	}
}

// nginx starts nginx in front of h, with Debian's default settings and a location with
// these directives. It returns the Unix socket on which it listens.
func nginx(t *testing.T, h http.Handler, location string) string {
	t.Helper()
	binary := findNginx(t)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	// Not t.TempDir: the path of a Unix socket has at most 107 bytes.
	dir, err := os.MkdirTemp("", "userrecord-nginx-")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	config := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, nginxFormat, dir, server.Listener.Addr(), location), 0o600))
	log := new(bytes.Buffer)
	cmd := exec.Command(binary, "-p", dir, "-c", config)
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		cmd.Wait()
		if t.Failed() {
			t.Logf("nginx: %s", log)
		}
	})
	socket := filepath.Join(dir, "socket")
	awaitListener(t, socket)
	return socket
}

// Only the places of its files, so that any user can run it.
const nginxFormat = `
daemon off;
master_process off;
pid %[1]s/pid;
error_log stderr;
events {}
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	upstream users { server %[2]s; keepalive 4; }
	server {
		listen unix:%[1]s/socket;
		location / { %[3]s }
	}
}
`

// findNginx skips the test if nginx is not installed, or fails it if CI=true.
func findNginx(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const what = "refusals behind nginx were NOT tested: install the package nginx"
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skipf("SKIPPED: %s (with CI=true this would fail)", what)
	return ""
}

func awaitListener(t *testing.T, socket string) {
	t.Helper()
	for range 1000 {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nginx does not listen")
}
