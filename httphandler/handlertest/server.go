package handlertest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// TB is the part of [testing.TB] that NewServer needs.
type TB interface {
	Helper()
	Cleanup(f func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Server is a [Fake] that listens on loopback.
type Server struct {
	*Fake
	// URL is the base URL, without a trailing slash. The example user is at
	// URL + "/users/" + ExampleID.
	URL string
}

// NewServer starts a fake with these users, or with [userstore.ExampleUser] if there
// are none. When the test ends, it stops, and fails the test if there are faults that
// were injected and not used (see [Fake.Unused]), or a request that does not end within
// five seconds (see [Handler]).
//
// It does not suit a bubble of [testing/synctest]: the bubble's clock stands still
// while a network connection waits, so a [Delay] never ends. There, use [New] as the
// client's Transport or, since Go 1.27, as the handler of a server in memory:
//
//	fake := handlertest.New()
//	client := httptest.NewTestServer(t, fake).Client()
func NewServer(t TB, users ...userstore.User) *Server {
	t.Helper()
	return Config{Users: users}.NewServer(t)
}

// NewServer is the function NewServer for this fake.
func (c Config) NewServer(t TB) *Server {
	t.Helper()
	f := c.New() // may panic
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("handlertest: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{Handler: f, BaseContext: func(net.Listener) context.Context { return ctx }}
	go server.Serve(listener) //nolint:errcheck // it ends with http.ErrServerClosed
	t.Cleanup(func() {
		cancel() // ends delayed requests
		server.Close()
		f.reportLeftOver(t)
	})
	return &Server{Fake: f, URL: "http://" + listener.Addr().String()}
}

// reportLeftOver fails the test if it has left a request or a fault behind.
func (f *Fake) reportLeftOver(t TB) {
	t.Helper()
	if running := f.waitIdle(); running > 0 {
		t.Errorf("handlertest: after %v, requests are still under way: %d. A Handler must return once the context of its request is done", idleTimeout, running)
	}
	if unused := f.Unused(); len(unused) > 0 {
		t.Errorf("handlertest: faults were injected and not used: %s", listOf(unused))
	}
}

// idleTimeout is how long a test waits at its end for its handlers, as in httptest.
const idleTimeout = 5 * time.Second

// waitIdle waits until no request is under way, so that no handler outlives its test, or
// until idleTimeout. It returns how many there are.
func (f *Fake) waitIdle() int {
	timeout := time.After(idleTimeout)
	for {
		f.mu.Lock()
		running, changed := f.running, f.changed
		f.mu.Unlock()
		if running == 0 {
			return 0
		}
		select {
		case <-changed:
		case <-timeout:
			return running
		}
	}
}

func listOf(faults []Fault) string {
	var texts []string
	for _, fault := range faults {
		texts = append(texts, fmt.Sprint(fault))
	}
	return strings.Join(texts, "; ")
}
