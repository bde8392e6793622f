package handlertest

import (
	"net"
	"net/http"

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
// were injected and not used (see [Fake.Unused]).
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
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("handlertest: %v", err)
	}
	f := c.New()
	server := &http.Server{Handler: f}
	go server.Serve(listener) //nolint:errcheck // it ends with http.ErrServerClosed
	t.Cleanup(func() {
		server.Close() // ends delayed requests
		f.waitIdle()
		if unused := f.Unused(); len(unused) > 0 {
			t.Errorf("handlertest: faults were injected and not used: %v", unused)
		}
	})
	return &Server{Fake: f, URL: "http://" + listener.Addr().String()}
}

// waitIdle waits until no request is under way, so that no handler outlives its test.
func (f *Fake) waitIdle() {
	for {
		f.mu.Lock()
		running, changed := f.running, f.changed
		f.mu.Unlock()
		if running == 0 {
			return
		}
		<-changed
	}
}
