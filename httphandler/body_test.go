package httphandler_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

const head = "PATCH /users/" + handlertest.ExampleID + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + httphandler.MediaType + "\r\n"

// A client that does not send its body in time is answered in time, whether the
// handler waits for the body or the server does, after an earlier refusal.
func TestSlowBody(t *testing.T) {
	everyone, nobody := httphandler.InsecureAllowEveryone(), httphandler.StaticTokens(nil)
	reading, panicking := everyone, everyone
	reading.Authenticate = func(r *http.Request) (context.Context, error) {
		if _, err := io.ReadAll(r.Body); err != nil {
			return nil, httphandler.ErrInvalidToken
		}
		return r.Context(), nil
	}
	panicking.Authenticate = func(*http.Request) (context.Context, error) { panic("authenticate") }
	tests := []struct {
		name   string
		access httphandler.Access
		limit  int64
		head   string
		want   int
		code   string
	}{
		{"read by the handler", everyone, 0, head, 422, "body-unreadable"},
		{"too large", everyone, 99, head, 422, "body-too-large"},
		{"read by access", reading, 0, head, 401, "invalid-token"},
		{"left to the server", nobody, 0, head, 401, "missing-credentials"},
		{"after a panic", panicking, 0, head, 501, "internal-error"},
		{"of another method", nobody, 0, "POST" + head[len("PATCH"):], 405, "method-not-allowed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts := httphandler.Options{BodyTimeout: 50 * time.Millisecond, MaxBodyBytes: tt.limit, Logger: slog.New(slog.DiscardHandler)}
			conn := dial(t, httphandler.New(memstore.New(handlertest.ExampleUser()), tt.access, &opts))
			fmt.Fprint(conn, tt.head+"Content-Length: 100\r\n\r\n{")
			response, body := answer(t, conn)
			if response.StatusCode != tt.want || !strings.Contains(body, tt.code) {
				t.Errorf("%d %s; want %d with %s", response.StatusCode, body, tt.want, tt.code)
			}
		})
	}
}

// The time that access takes is not the client's.
func TestSlowAccess(t *testing.T) {
	access := httphandler.InsecureAllowEveryone()
	authenticate := access.Authenticate
	access.Authenticate = func(r *http.Request) (context.Context, error) {
		time.Sleep(150 * time.Millisecond)
		return authenticate(r)
	}
	conn := dial(t, httphandler.New(memstore.New(handlertest.ExampleUser()), access, &httphandler.Options{BodyTimeout: 100 * time.Millisecond}))
	body := `{"data":{"type":"User","id":"` + handlertest.ExampleID + `"}}` + strings.Repeat(" ", 60_000)
	fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
	if response, body := answer(t, conn); response.StatusCode != 200 {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}

// The read deadline must not end the context of a store that is slower, or of
// what a middleware does after a panic; also where the middleware has read the
// body before.
func TestSlowAfterBody(t *testing.T) {
	slow := slowStore{memstore.New(handlertest.ExampleUser()), 200 * time.Millisecond}
	opts := httphandler.Options{BodyTimeout: 20 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)}
	for _, tt := range []struct {
		name     string
		store    userstore.Store
		buffered bool
		want     int
	}{
		{"store", slow, false, 200},
		{"store, body read before", slow, true, 200},
		{"after a panic", panickingStore("patch"), false, 501},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := httphandler.New(tt.store, httphandler.InsecureAllowEveryone(), &opts)
			ended := make(chan error, 1)
			conn := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tt.buffered {
					body, _ := io.ReadAll(r.Body)
					r.Body = io.NopCloser(bytes.NewReader(body))
				}
				h.ServeHTTP(w, r)
				time.Sleep(100 * time.Millisecond)
				ended <- r.Context().Err()
			}))
			body := `{"data":{"type":"User","id":"` + handlertest.ExampleID + `"}}`
			fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
			if response, body := answer(t, conn); response.StatusCode != tt.want {
				t.Errorf("%d %s", response.StatusCode, body)
			}
			if err := <-ended; err != nil {
				t.Errorf("the request's context: %v", err)
			}
		})
	}
}

type slowStore struct {
	*memstore.Store
	delay time.Duration
}

func (s slowStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	time.Sleep(s.delay)
	return s.Store.Patch(ctx, id, patch) // fails if ctx has ended
}

// A client that goes away amid its body changes nothing and is not logged.
func TestClientGoesAway(t *testing.T) {
	var log bytes.Buffer
	done := make(chan struct{})
	store := memstore.New(handlertest.ExampleUser())
	h := httphandler.New(store, httphandler.InsecureAllowEveryone(), &httphandler.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	conn := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		h.ServeHTTP(w, r)
	}))
	body := `{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":{"firstName":"Joan"}}}`
	fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(body)+1, body)
	conn.Close()
	<-done
	if user, err := store.Get(t.Context(), uuid.MustParse(handlertest.ExampleID)); err != nil || user != handlertest.ExampleUser() {
		t.Errorf("the record has changed, or %v", err)
	}
	if strings.Contains(log.String(), "ERROR") {
		t.Errorf("log %s", log.String())
	}
}

func TestBodyLimit(t *testing.T) {
	document := `{"data":{"type":"User","id":"` + handlertest.ExampleID + `"}}`
	const limit = 200
	for _, tt := range []struct {
		length, want int
		chunked      bool
	}{
		{limit, 200, false}, {limit, 200, true}, {limit + 1, 422, false}, {limit + 1, 422, true}, {1 << 20, 422, true},
	} {
		t.Run(fmt.Sprintf("%d bytes, chunked %t", tt.length, tt.chunked), func(t *testing.T) {
			var body io.Reader = strings.NewReader(document + strings.Repeat(" ", tt.length-len(document)))
			if tt.chunked {
				body = io.MultiReader(body) // of unknown length
			}
			r := httptest.NewRequest(http.MethodPatch, "/users/"+handlertest.ExampleID, body)
			r.Header.Set("Content-Type", httphandler.MediaType)
			w := httptest.NewRecorder()
			h := httphandler.New(memstore.New(handlertest.ExampleUser()), httphandler.InsecureAllowEveryone(), &httphandler.Options{MaxBodyBytes: limit})
			h.ServeHTTP(w, r)
			if w.Code != tt.want || tt.want == 422 && !strings.Contains(w.Body.String(), "body-too-large") {
				t.Errorf("%d %s, want %d", w.Code, w.Body, tt.want)
			}
		})
	}
}

// A header field does not make the handler set aside memory.
func TestHugeContentLength(t *testing.T) {
	h := httphandler.New(memstore.New(handlertest.ExampleUser()), httphandler.InsecureAllowEveryone(), &httphandler.Options{MaxBodyBytes: math.MaxInt64})
	for _, length := range []int64{1 << 46, math.MaxInt64} {
		r := noOp("/users/" + handlertest.ExampleID)
		r.ContentLength = length
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("%d: %d %s", length, w.Code, w.Body)
		}
	}
}

// dial connects to a server of h.
func dial(t *testing.T, h http.Handler) net.Conn {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// answer reads one response, for at most ten seconds.
func answer(t *testing.T, conn net.Conn) (*http.Response, string) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}
