package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for _, tt := range []struct {
		sorted []time.Duration
		p      int
		want   time.Duration
	}{
		{hundred, 50, 50},
		{hundred, 99, 99},
		{hundred, 100, 100},
		{hundred[:99], 99, 99},
		{hundred[:10], 99, 10},
		{hundred[:10], 50, 5},
		{hundred[:1], 1, 1},
		{hundred[:1], 0, 1},
	} {
		if got := percentile(tt.sorted, tt.p); got != tt.want {
			t.Errorf("percentile(%d figures, %d) = %d, want %d", len(tt.sorted), tt.p, got, tt.want)
		}
	}
}

// A recorder is a server that keeps the bodies by path, and answers with them.
type recorder struct {
	mu     sync.Mutex
	users  map[string]string
	status int
	tail   string // after the body
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mu.Lock()
	r.users[strings.TrimPrefix(request.URL.Path, "/users/")] = string(body)
	r.mu.Unlock()
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+len(r.tail))) // otherwise a long answer has none
	w.WriteHeader(r.status)
	fmt.Fprint(w, string(body)+r.tail)
}

var namesOnly = requestForm{path: "/users/", mediaType: "text/plain", body: "%[2]s\t%[3]s", wants: []string{"!"}}

// newLoad returns a load of n users, at a server that answers so.
func newLoad(t *testing.T, n, status int, tail string) (*patchLoad, *recorder) {
	r := &recorder{users: make(map[string]string), status: status, tail: tail}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	l := &patchLoad{address: server.Listener.Addr().String(), form: namesOnly, last: make([]string, n)}
	for range n {
		l.users = append(l.users, uuid.New())
	}
	return l, r
}

// Whatever the connections do, what the load takes for the last patch of a user is the
// last one that the server got. The number of users is no multiple of that of connections.
func TestPatchLoad(t *testing.T) {
	l, r := newLoad(t, 7, http.StatusOK, "!")
	done, err := l.run(4, 100*time.Millisecond)
	require.NoError(t, err)
	if done.failed != 0 || len(done.latencies) < 4 || done.inTime > len(done.latencies) {
		t.Errorf("%d patches, %d in time, %d failed", len(done.latencies), done.inTime, done.failed)
	}
	patched, kept := l.compare(r.users)
	if patched == 0 || kept != patched {
		t.Errorf("%d of %d users have the last patch", kept, patched)
	}
	for id := range r.users {
		r.users[id] = "another"
		break
	}
	if _, now := l.compare(r.users); now != kept-1 {
		t.Errorf("%d users have the last patch, after one was changed, want %d", now, kept-1)
	}
}

func TestPatchLoadOfRefusals(t *testing.T) {
	l, r := newLoad(t, 3, http.StatusInternalServerError, "!")
	done, err := l.run(2, 0)
	require.NoError(t, err)
	if len(done.latencies) != 0 || done.failed != 2 {
		t.Errorf("%d patches, %d failed, want 0 and 2", len(done.latencies), done.failed)
	}
	if patched, _ := l.compare(r.users); patched != 0 {
		t.Errorf("%d users count as patched", patched)
	}
}

// A refusal may be longer than the buffer of the reader, or have no body.
func TestPatchLoadOfAnyRefusal(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"long": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10000")
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, strings.Repeat("x", 10000))
		},
		"in chunks": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, strings.Repeat("x", 10000))
		},
		"empty":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"no body": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			l := &patchLoad{address: server.Listener.Addr().String(), form: namesOnly, users: []uuid.UUID{uuid.New()}, last: make([]string, 1)}
			done, err := l.run(1, 10*time.Millisecond)
			require.NoError(t, err)
			if len(done.latencies) != 0 || done.failed == 0 {
				t.Errorf("%d patches, %d failed", len(done.latencies), done.failed)
			}
		})
	}
}

// A long record is read whole.
func TestPatchLoadOfLongAnswers(t *testing.T) {
	l, _ := newLoad(t, 3, http.StatusOK, strings.Repeat("-", 10000)+"!")
	done, err := l.run(2, 0)
	require.NoError(t, err)
	if done.failed != 0 || len(done.latencies) != 2 {
		t.Errorf("%d patches, %d failed, want 2 and 0", len(done.latencies), done.failed)
	}
}

// An answer that lacks an attribute is no answer.
func TestPatchLoadOfPartialAnswers(t *testing.T) {
	l, _ := newLoad(t, 1, http.StatusOK, "?")
	if _, err := l.run(1, 0); err == nil || err.Error() != "an answer lacks !" {
		t.Errorf("error %v", err)
	}
}
