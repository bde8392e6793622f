// Package handlertest gives a test a running fake of the documented operation
// in one line:
//
//	server := handlertest.NewServer(t)
//
// The fake is the real handler over a [memstore.Store]. It knows the user that
// [ExampleUser] returns and three tokens, injects faults on demand ([Fake.Inject])
// and records the calls that it received ([Fake.Calls]). [New] gives the same
// without a port.
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

// The bearer tokens that a [Fake] knows. Any other is invalid: 401.
const (
	Token          = "test-token"     // may write every user
	ForbiddenToken = "test-forbidden" // may write nobody: 403
	UnlinkedToken  = "test-unlinked"  // its linked identity is missing: 401
)

// ExampleID is the id of the user that [ExampleUser] returns.
const ExampleID = "c0daf39b-4df5-4241-9e7d-b1b85f829090"

// ExampleUser is [userstore.ExampleUser], the user of the documented page.
func ExampleUser() userstore.User { return userstore.ExampleUser() }

// Fake is a fake endpoint. It is an [http.Handler], to be mounted anywhere, and
// an [http.RoundTripper], for a client that needs no port. Its methods may be
// called by many goroutines at once.
type Fake struct {
	// Store holds the users, for a test to look into and to add to. The fake
	// keeps using the store that New made: setting the field changes nothing.
	Store *memstore.Store

	handler http.Handler

	mu     sync.Mutex
	faults map[uuid.UUID][]Fault
	calls  []Call
}

// New returns a fake with the users, or with [ExampleUser] where there are
// none.
func New(users ...userstore.User) *Fake {
	if len(users) == 0 {
		users = []userstore.User{ExampleUser()}
	}
	f := &Fake{Store: memstore.New(users...), faults: make(map[uuid.UUID][]Fault)}
	// The failures are those that the test asked for: nothing to log.
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
	// URL is the base URL, without a slash at the end: the example user is at
	// URL + "/users/" + ExampleID.
	URL string
}

// NewServer starts a fake with the users, or with [ExampleUser] where there are
// none. It is stopped when the test ends.
//
// It is not for a bubble of [testing/synctest]: the clock of a bubble stands still
// while a connection of the network waits, so that a [Delay] never ends. There,
// use [New] as the client's Transport or, since Go 1.27, as the handler of a server
// in memory:
//
//	fake := handlertest.New()
//	client := httptest.NewTestServer(t, fake).Client()
func NewServer(t testing.TB, users ...userstore.User) *Server {
	t.Helper()
	f := New(users...)
	s := httptest.NewServer(f)
	t.Cleanup(func() {
		s.CloseClientConnections() // ends what is still delayed
		s.Close()
	})
	return &Server{Fake: f, URL: s.URL}
}

// RoundTrip answers the request without a network. As a client does, it gives
// up when the request's context is done.
func (f *Fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	// A server sees a body, maybe an empty one, and only the path of the URL.
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

// Calls returns the calls that were answered so far, in the order of their
// answers.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Format writes that f is a Fake; never what it holds.
func (f *Fake) Format(s fmt.State, _ rune) { io.WriteString(s, "handlertest.Fake") }

func (f *Fake) record(c *Call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, *c)
}
