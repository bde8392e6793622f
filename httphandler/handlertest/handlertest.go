// Package handlertest is a fake of the documented operation, for tests of its
// clients. One line starts it:
//
//	server := handlertest.NewServer(t)
//
// The fake is the real handler over a [memstore.Store]. It has the user
// [userstore.ExampleUser] and accepts three tokens. [Fake.Inject] makes it fail or
// delay requests, and [Fake.Calls] returns the requests that it answered. [New]
// returns the same without a port.
package handlertest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// The bearer tokens that a [Fake] accepts. Any other is invalid: 401.
const (
	Token          = "test-token"     // may write every user
	ForbiddenToken = "test-forbidden" // may write nobody: 403
	UnlinkedToken  = "test-unlinked"  // valid, but the user must also have logged in with a third party: 401
)

// ExampleID is the id of [userstore.ExampleUser].
const ExampleID = "c0daf39b-4df5-4241-9e7d-b1b85f829090"

// Fake is a fake of the operation. It is an [http.Handler], to be mounted anywhere,
// and an [http.RoundTripper], for a client that needs no port. Its methods are safe
// for concurrent use.
type Fake struct {
	// Store has the users. A test can read and add to it. Do not set the field:
	// the fake keeps using the Store that New created.
	Store *memstore.Store

	handler http.Handler

	mu     sync.Mutex
	faults map[uuid.UUID][]Fault
	calls  []Call
}

// New returns a fake with these users, or with [userstore.ExampleUser] if there are
// none.
func New(users ...userstore.User) *Fake {
	if len(users) == 0 {
		users = []userstore.User{userstore.ExampleUser()}
	}
	f := &Fake{Store: memstore.New(users...), faults: make(map[uuid.UUID][]Fault)}
	// Every failure was asked for by the test, so none is logged.
	opts := &httphandler.Options{Logger: slog.New(slog.DiscardHandler)}
	f.handler = httphandler.New(faultyStore{f.Store}, faultyAccess(tokens), opts)
	return f
}

var tokens = httphandler.StaticTokens(map[string]httphandler.Grant{
	Token:          httphandler.GrantWrite,
	ForbiddenToken: httphandler.GrantNone,
	UnlinkedToken:  httphandler.GrantUnlinked,
})

// Server is a [Fake] that listens on loopback.
type Server struct {
	*Fake
	// URL is the base URL, without a trailing slash. The example user is at
	// URL + "/users/" + ExampleID.
	URL string
}

// NewServer starts a fake with these users, or with [userstore.ExampleUser] if there
// are none. It stops when the test ends.
//
// It does not suit a bubble of [testing/synctest]: the bubble's clock stands still
// while a network connection waits, so a [Delay] never ends. There, use [New] as the
// client's Transport or, since Go 1.27, as the handler of a server in memory:
//
//	fake := handlertest.New()
//	client := httptest.NewTestServer(t, fake).Client()
func NewServer(t testing.TB, users ...userstore.User) *Server {
	t.Helper()
	f := New(users...)
	s := httptest.NewServer(f)
	t.Cleanup(func() {
		s.CloseClientConnections() // ends delayed requests
		s.Close()
	})
	return &Server{Fake: f, URL: s.URL}
}

// RoundTrip answers the request without a network. Like a network client, it returns
// an error if the request's context is done.
func (f *Fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	// On a server a request always has a body, and a URI without a host.
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, in)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	response := w.Result()
	response.Request = r
	return response, nil
}

// ServeHTTP serves /users/{userId} under any prefix.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, r := newCall(r)
	defer f.record(call)
	ctx := context.WithValue(r.Context(), faultKey{}, f.nextFault(call.UserID))
	f.handler.ServeHTTP(&statusRecorder{w, call}, r.WithContext(ctx))
}

// Calls returns the requests answered so far, in the order in which their answers
// ended.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Format writes "handlertest.Fake", and no user.
func (f *Fake) Format(s fmt.State, _ rune) { io.WriteString(s, "handlertest.Fake") }

func (f *Fake) record(c *Call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, *c)
}
