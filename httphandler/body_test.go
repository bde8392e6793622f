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
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

const head = "PATCH /users/" + handlertest.ExampleID + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + httphandler.MediaType + "\r\n"

// A client that does not send its body in time is answered in time, whether the handler
// waits for the body, Access does, or the body is drained after a refusal. Sending a
// byte now and then does not help the client.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	everyone, nobody := httphandler.InsecureAllowEveryone(), httphandler.StaticTokens(nil)
	panicking := everyone
	panicking.Authenticate = func(*http.Request) (context.Context, error) { panic("authenticate") }
	closing := strings.Replace(head, "Host: x", "Host: x\r\nConnection: close", 1)
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
		{"read by access", readingAccess(io.ReadAll), 0, head, 401, "invalid-token"},
		{"left over", nobody, 0, head, 401, "missing-credentials"},
		{"left over, connection closed", nobody, 0, closing, 401, "missing-credentials"},
		{"left over, HTTP/1.0", nobody, 0, strings.Replace(head, "1.1", "1.0", 1), 401, "missing-credentials"},
		{"left over, as it was not asked for", nobody, 0, head + "Expect: 100-continue\r\n", 401, "missing-credentials"},
		{"after a panic", panicking, 0, head, 501, "internal-error"},
		{"of another method", nobody, 0, "POST" + head[len("PATCH"):], 405, "method-not-allowed"},
	}
	for _, tt := range tests {
		for _, trickling := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, trickling %t", tt.name, trickling), func(t *testing.T) {
				t.Parallel()
				opts := httphandler.Options{BodyTimeout: 50 * time.Millisecond, MaxBodyBytes: tt.limit, Logger: slog.New(slog.DiscardHandler)}
				conn := dial(t, httphandler.New(memstore.New(userstore.ExampleUser()), tt.access, &opts))
				fmt.Fprint(conn, tt.head+"Content-Length: 10000\r\n\r\n{")
				if trickling {
					go trickle(conn)
				}
				response, body := answer(t, conn)
				if response.StatusCode != tt.want || !strings.Contains(body, tt.code) {
					t.Errorf("%d %s; want %d with %s", response.StatusCode, body, tt.want, tt.code)
				}
			})
		}
	}
}

// trickle sends a byte now and then until the connection is closed.
func trickle(conn net.Conn) {
	for {
		if _, err := conn.Write([]byte{' '}); err != nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// readingAccess admits every request whose body read can read, and puts the body back,
// like a host that checks a signature.
func readingAccess(read func(io.Reader) ([]byte, error)) httphandler.Access {
	access := httphandler.InsecureAllowEveryone()
	access.Authenticate = func(r *http.Request) (context.Context, error) {
		body, err := read(r.Body)
		if err != nil {
			return nil, httphandler.ErrInvalidToken
		}
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
		return r.Context(), nil
	}
	return access
}

// slowAccess takes longer than the time limit of the body.
func slowAccess() httphandler.Access {
	return readingAccess(func(io.Reader) ([]byte, error) { time.Sleep(slowness); return nil, nil })
}

// slowness is how long the slow steps of the server take. The client has shortTime.
const slowness, shortTime = 700 * time.Millisecond, 500 * time.Millisecond

// The time that Access takes does not count against the client, whether it reads all of
// the body, a part or nothing. Nor does it end the request's context, whether middleware
// has read the body before or not.
func TestSlowAccess(t *testing.T) {
	for name, access := range map[string]httphandler.Access{
		"that does not read": slowAccess(),
		"that begins to read": readingAccess(func(r io.Reader) ([]byte, error) {
			first := make([]byte, 10)
			_, err := io.ReadFull(r, first)
			time.Sleep(slowness)
			return first, err
		}),
		"that reads, and is slow amid it": readingAccess(func(r io.Reader) ([]byte, error) {
			first := make([]byte, 10)
			if _, err := io.ReadFull(r, first); err != nil {
				return nil, err
			}
			time.Sleep(slowness)
			rest, err := io.ReadAll(r)
			return append(first, rest...), err
		}),
		"that reads": readingAccess(func(r io.Reader) ([]byte, error) {
			body, err := io.ReadAll(r)
			time.Sleep(slowness)
			return body, err
		}),
	} {
		for _, buffered := range []bool{false, true} {
			inBubble(t, fmt.Sprintf("%s, buffered %t", name, buffered), func(t *testing.T) {
				h := httphandler.New(memstore.New(userstore.ExampleUser()), access, &httphandler.Options{BodyTimeout: shortTime})
				if buffered {
					h = buffering(h)
				}
				conn := dialInMemory(t, h)
				body := padded(document("{}"), 60_000)
				fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
				if response, body := answer(t, conn); response.StatusCode != 200 {
					t.Errorf("%d %s", response.StatusCode, body)
				}
			})
		}
	}
}

// buffering reads the body before h does.
func buffering(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.ServeHTTP(w, r)
	})
}

// The read deadline must not end the context of a slow store, or of middleware after a
// refusal or a panic, even if middleware has read the body before.
func TestSlowAfterBody(t *testing.T) {
	slow := slowStore{memstore.New(userstore.ExampleUser()), slowness}
	everyone, nobody := httphandler.InsecureAllowEveryone(), httphandler.StaticTokens(nil)
	opts := httphandler.Options{BodyTimeout: shortTime, Logger: slog.New(slog.DiscardHandler)}
	for _, tt := range []struct {
		name     string
		store    userstore.Store
		access   httphandler.Access
		buffered bool
		want     int
	}{
		{"store", slow, everyone, false, 200},
		{"store, body read before", slow, everyone, true, 200},
		{"refused", slow, nobody, false, 401},
		{"refused, body read before", slow, nobody, true, 401},
		{"after a panic", panickingStore("patch"), everyone, false, 501},
		{"after a panic, body read before", panickingStore("patch"), everyone, true, 501},
	} {
		inBubble(t, tt.name, func(t *testing.T) {
			h := httphandler.New(tt.store, tt.access, &opts)
			ended := make(chan error, 1)
			slowly := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h.ServeHTTP(w, r)
				time.Sleep(slowness)
				ended <- r.Context().Err()
			})
			var server http.Handler = slowly
			if tt.buffered {
				server = buffering(slowly)
			}
			conn := dialInMemory(t, server)
			body := document("{}")
			fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
			if response, body := answer(t, conn); response.StatusCode != tt.want {
				t.Errorf("%d %s", response.StatusCode, body)
			}
			require.NoError(t, <-ended, "the request's context")
		})
	}
}

type slowStore struct {
	*memstore.Store
	delay time.Duration
}

func (s slowStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	time.Sleep(s.delay)
	return s.Store.Patch(ctx, id, patch) // fails if ctx is done
}

// A client that goes away in the middle of its body changes nothing and is not logged.
func TestClientGoesAway(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	done := make(chan struct{})
	store := memstore.New(userstore.ExampleUser())
	h := httphandler.New(store, httphandler.InsecureAllowEveryone(), &httphandler.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	conn := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		h.ServeHTTP(w, r)
	}))
	body := `{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":{"firstName":"Joan"}}}`
	fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(body)+1, body)
	conn.Close()
	<-done
	if user, err := store.Get(t.Context(), uuid.MustParse(handlertest.ExampleID)); err != nil || user != userstore.ExampleUser() {
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
			h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), &httphandler.Options{MaxBodyBytes: limit})
			h.ServeHTTP(w, r)
			if w.Code != tt.want || tt.want == 422 && !strings.Contains(w.Body.String(), "body-too-large") {
				t.Errorf("%d %s, want %d", w.Code, w.Body, tt.want)
			}
		})
	}
}

// A request of a caller other than net/http may have no body at all.
func TestNilBody(t *testing.T) {
	r := httptest.NewRequest(http.MethodPatch, "/users/"+handlertest.ExampleID, nil)
	r.Header.Set("Content-Type", httphandler.MediaType)
	r.Body = nil
	w := httptest.NewRecorder()
	httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), nil).ServeHTTP(w, r)
	if w.Code != 422 || !strings.Contains(w.Body.String(), "The body is empty.") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A header field does not make the handler allocate memory.
func TestHugeContentLength(t *testing.T) {
	h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), &httphandler.Options{MaxBodyBytes: math.MaxInt64})
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
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// answer reads one response, for at most ten seconds.
func answer(t *testing.T, conn net.Conn) (*http.Response, string) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}
