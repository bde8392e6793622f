package httphandler_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

const target = "PATCH /users/" + handlertest.ExampleID

// plainHeads are requests after which the connection is closed.
var plainHeads = map[string]string{
	"HTTP/1.0":             target + " HTTP/1.0\r\n",
	"HTTP/1.0 with Expect": target + " HTTP/1.0\r\nExpect: 100-continue\r\n",
	"HTTP/1.1":             target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
	"HTTP/1.1 with Expect": target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n",
}

// before are middlewares that may have touched the body before the handler.
var before = map[string]func(http.ResponseWriter, *http.Request) http.ResponseWriter{
	"nothing": func(w http.ResponseWriter, _ *http.Request) http.ResponseWriter { return w },
	"a limit": func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		return w
	},
	"a tap": func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, io.Discard), r.Body}
		return w
	},
	"a first look": func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
		body := bufio.NewReader(r.Body)
		_, _ = body.Peek(1)
		r.Body = struct {
			io.Reader
			io.Closer
		}{body, r.Body}
		return w
	},
	"a wrapped writer": func(w http.ResponseWriter, _ *http.Request) http.ResponseWriter { return wrappedWriter{w} },
}

type wrappedWriter struct{ http.ResponseWriter }

func (w wrappedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// A client that sends its whole request before it reads gets the refusal and an orderly
// end of the connection, never a reset.
func TestRefusalBeforeTheConnectionEnds(t *testing.T) {
	t.Parallel()
	for middleware, before := range before {
		h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.StaticTokens(nil), nil)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(before(w, r), r) }))
		t.Cleanup(server.Close)
		for name, head := range plainHeads {
			t.Run(name+" after "+middleware, func(t *testing.T) {
				for _, size := range []int{9_000, 66_000, 130_000, 250_000, 1 << 18} {
					expectPlain(t, server, fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, size, strings.Repeat("x", size)))
				}
			})
		}
	}
}

// A client may be slow to send the body before it reads.
func TestRefusalWhileTheClientSends(t *testing.T) {
	t.Parallel()
	for name, head := range plainHeads {
		if name == "HTTP/1.1 with Expect" {
			continue // is not waited for, as it should not send
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.StaticTokens(nil), nil))
			fmt.Fprintf(conn, "%sContent-Length: 100000\r\n\r\n", head)
			for range 10 {
				time.Sleep(80 * time.Millisecond)
				_, err := io.WriteString(conn, strings.Repeat("x", 10_000))
				require.NoError(t, err)
			}
			expectEnd(t, conn)
		})
	}
}

// A server without keep-alives closes every connection; the handler cannot see that.
func TestRefusalBeforeTheServerEnds(t *testing.T) {
	t.Parallel()
	h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.StaticTokens(nil), nil)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	server.Config.SetKeepAlivesEnabled(false)
	for _, size := range []int{9_000, 66_000, 130_000, 250_000} {
		expectPlain(t, server, fmt.Sprintf("%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", target, size, strings.Repeat("x", size)))
	}
}

// expectPlain sends the whole request and reads a 401 until the connection ends.
func expectPlain(t *testing.T, server *httptest.Server, request string) {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatalf("%d bytes: %v", len(request), err)
	}
	expectEnd(t, conn)
}

// expectEnd reads a 401 until the connection ends, orderly and soon.
func expectEnd(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	text, err := io.ReadAll(conn)
	text = bytes.TrimPrefix(text, []byte("HTTP/1.1 100 Continue\r\n\r\n"))
	if status, _, _ := strings.Cut(string(text), "\r\n"); err != nil || !strings.HasSuffix(status, " 401 Unauthorized") {
		t.Errorf("%v, after %q", err, text)
	}
}

// If the body is longer than what is drained, a client that reads while it sends still
// has time to get the answer.
func TestRefusalOfAHugeBody(t *testing.T) {
	t.Parallel()
	for name, before := range before {
		t.Run("after "+name, func(t *testing.T) {
			t.Parallel()
			h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.StaticTokens(nil), nil)
			conn := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(before(w, r), r) }))
			go fmt.Fprintf(conn, "%s HTTP/1.0\r\nContent-Length: 10000000\r\n\r\n%s", target, strings.Repeat("x", 10_000_000))
			expectEnd(t, conn)
		})
	}
}

// A connection that stays open works after a refusal.
func TestRefusalOnAKeptConnection(t *testing.T) {
	access := httphandler.StaticTokens(map[string]httphandler.Grant{"t": httphandler.GrantWrite})
	conn := dial(t, httphandler.New(memstore.New(userstore.ExampleUser()), access, nil))
	body := document("{}")
	fmt.Fprintf(conn, "%sContent-Length: 250000\r\n\r\n%s", head, strings.Repeat("x", 250_000))
	fmt.Fprintf(conn, "%sAuthorization: Bearer t\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	reader := bufio.NewReader(conn)
	for _, want := range []int{401, 200} {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatalf("%v, want %d", err, want)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != want {
			t.Errorf("%d, %v; want %d", response.StatusCode, err, want)
		}
	}
}

// A connection is kept after a refused body of up to 256 KiB, and ends after a longer one.
func TestLongestDrainedBody(t *testing.T) {
	t.Parallel()
	for length, ends := range map[int]bool{256 << 10: false, 256<<10 + 1: true} {
		conn := dial(t, httphandler.New(new(memstore.Store), httphandler.StaticTokens(nil), nil))
		go fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, length, strings.Repeat("x", length))
		if response, _ := answer(t, conn); response.StatusCode != 401 || response.Close != ends {
			t.Errorf("after %d bytes: %d, the connection ends: %t", length, response.StatusCode, response.Close)
		}
	}
}

// A client that waits for a 100 (Continue) before it sends its body is refused at once,
// without one.
func TestBodyIsNotAskedFor(t *testing.T) {
	t.Parallel()
	for name, connection := range map[string]string{"kept": "", "closed": "Connection: close\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.StaticTokens(nil), &httphandler.Options{BodyTimeout: time.Hour})
			conn := dial(t, h)
			fmt.Fprintf(conn, "%s%sExpect: 100-continue\r\nContent-Length: 100\r\n\r\n", head, connection)
			if response, body := answer(t, conn); response.StatusCode != 401 {
				t.Errorf("%d %s", response.StatusCode, body)
			}
			conn.Close() // net/http waits for the body if the connection stays open
		})
	}
}

// A refused client that neither sends its body nor goes away does not keep the
// connection.
func TestUnsentBodyEndsTheConnection(t *testing.T) {
	t.Parallel()
	conn := dial(t, httphandler.New(new(memstore.Store), httphandler.StaticTokens(nil), &httphandler.Options{BodyTimeout: 50 * time.Millisecond}))
	fmt.Fprintf(conn, "%sExpect: 100-continue\r\nContent-Length: 100\r\n\r\n", head)
	expectEnd(t, conn)
}

// A badBody has a Read that makes no progress or panics.
type badBody struct {
	panics any
	reads  int
}

func (b *badBody) Read([]byte) (int, error) {
	if b.reads++; b.panics != nil {
		panic(b.panics)
	}
	return 0, nil
}

func (*badBody) Close() error { return nil }

// A broken body from middleware does not change a refusal and is not read forever.
func TestRefusalWithABadBody(t *testing.T) {
	for _, tt := range []struct {
		name   string
		access httphandler.Access
		body   *badBody
		want   int
		log    string
	}{
		{"empty reads", httphandler.StaticTokens(nil), &badBody{}, 401, ""},
		{"empty reads, read by the handler", httphandler.InsecureAllowEveryone(), &badBody{}, 422, ""},
		{"a panic", httphandler.StaticTokens(nil), &badBody{panics: "secret"}, 401, "class=panic"},
		{"a panic, read by the handler", httphandler.InsecureAllowEveryone(), &badBody{panics: "secret"}, 501, "class=panic"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			h := httphandler.New(memstore.New(userstore.ExampleUser()), tt.access, &httphandler.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			r := exampleRequest("")
			r.Body, r.ContentLength = tt.body, 100
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.want || tt.body.reads > 200 || r.Body != tt.body {
				t.Errorf("%d %s after %d reads; want %d", w.Code, w.Body, tt.body.reads, tt.want)
			}
			if !strings.Contains(log.String(), tt.log) || strings.Contains(log.String(), "secret") {
				t.Errorf("log %s", log.String())
			}
		})
	}
}

// A body can abort the request with http.ErrAbortHandler.
func TestAbortingBody(t *testing.T) {
	defer func() {
		if v := recover(); v != http.ErrAbortHandler {
			t.Errorf("recovered %v", v)
		}
	}()
	r := exampleRequest("")
	r.Body = &badBody{panics: http.ErrAbortHandler}
	httphandler.New(new(memstore.Store), httphandler.StaticTokens(nil), nil).ServeHTTP(httptest.NewRecorder(), r)
	t.Error("no panic")
}

// A refusal is logged even if the client does not send the rest of its body.
func TestSlowRefusalIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	conn := dial(t, httphandler.New(new(memstore.Store), httphandler.StaticTokens(nil), &httphandler.Options{
		BodyTimeout: 10 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	}))
	fmt.Fprintf(conn, "%sContent-Length: 100\r\n\r\n{", head)
	answer(t, conn)
	if !strings.Contains(log.String(), "code=missing-credentials") {
		t.Errorf("log %s", log.String())
	}
}
