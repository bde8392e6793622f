// Package handlertest is a fake of the documented operation, for tests of its
// clients. One line starts it:
//
//	server := handlertest.NewServer(t)
//
// The fake is the real handler over a [memstore.Store]. It has the user
// [userstore.ExampleUser] and accepts three tokens. Another line makes it fail:
//
//	server.Inject(handlertest.Status(503, http.Header{"Retry-After": {"1"}}).Times(2))
//
// [Fake.Inject] takes answers of a gateway, broken connections, damaged answers, delays,
// refusals, and any [http.Handler]. [Fake.Calls] returns the requests that came, and
// [Diff] shows how a record or a patch differs from the wanted one.
//
// [New] returns the same without a port, [Config] one with other users, tokens or
// options of the handler, and [Fake.Control] lets tests in other languages do all this
// over HTTP.
package handlertest

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// The bearer tokens that a [Fake] accepts. Any other is invalid: 401.
const (
	Token          = "test-token"     // named "write": may write every user
	ForbiddenToken = "test-forbidden" // named "forbidden": may write nobody, 403
	UnlinkedToken  = "test-unlinked"  // named "unlinked": valid, but the user must also have logged in with a third party, 401
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

	handler     http.Handler // of the operation
	bodyTimeout time.Duration
	transport   http.RoundTripper
	users       []userstore.User // at the start
	names       map[string]string
	maxCalls    int

	gate sync.RWMutex // held for reading by a patch, for writing by Reset

	mu      sync.Mutex
	faults  []*injected
	calls   []Call
	size    int           // of calls, in bytes
	total   int           // calls, those not kept too
	running int           // requests in ServeHTTP
	changed chan struct{} // closed when calls or running changes
	reset   chan struct{} // closed by the next Reset
}

// New returns a fake with these users, or with [userstore.ExampleUser] if there are
// none.
func New(users ...userstore.User) *Fake { return Config{Users: users}.New() }

// Config is a fake that is not the default one. The zero value is the default:
//
//	opts := &httphandler.Options{IgnoreUnknownAttributes: true}
//	server := handlertest.Config{Options: opts}.NewServer(t)
type Config struct {
	// Users are the users at the start. If there are none, [userstore.ExampleUser] is
	// the only one.
	Users []userstore.User

	// Tokens are the accepted tokens. If there are none, they are [Token],
	// [ForbiddenToken] and [UnlinkedToken].
	Tokens []NamedToken

	// Options are those of the handler. nil means the defaults, except that nothing is
	// logged: every failure was asked for by the test.
	Options *httphandler.Options

	// MaxCalls limits how many calls the fake keeps for [Fake.Calls]. It keeps the latest
	// ones, and forgets the earliest of these while they have more than 16 MiB together;
	// the last one is always kept. 0 keeps all calls, whatever their size.
	MaxCalls int
}

// NamedToken is a bearer token with a name, which [Call.TokenName] shows. Several tokens
// may have the same name. Package fmt prints only the name.
type NamedToken struct {
	Name  string
	Token string // a b64token (RFC 6750, section 2.1)
	Grant httphandler.Grant
}

// Format writes the name.
func (t NamedToken) Format(f fmt.State, _ rune) { io.WriteString(f, t.Name) }

var defaultTokens = []NamedToken{
	{"write", Token, httphandler.GrantWrite},
	{"forbidden", ForbiddenToken, httphandler.GrantNone},
	{"unlinked", UnlinkedToken, httphandler.GrantUnlinked},
}

// New returns the fake. It panics if a user cannot be stored, a token is not a b64token or
// is there twice, MaxCalls is negative, or an option is wrong: see [memstore.New],
// [httphandler.StaticTokens] and [httphandler.New].
func (c Config) New() *Fake {
	check(c.MaxCalls >= 0, "MaxCalls is negative")
	if len(c.Users) == 0 {
		c.Users = []userstore.User{userstore.ExampleUser()}
	}
	if len(c.Tokens) == 0 {
		c.Tokens = defaultTokens
	}
	var opts httphandler.Options
	if c.Options != nil {
		opts = *c.Options
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	f := &Fake{
		Store:       memstore.New(c.Users...),
		bodyTimeout: cmp.Or(opts.BodyTimeout, httphandler.DefaultBodyTimeout),
		names:       make(map[string]string),
		maxCalls:    c.MaxCalls,
		changed:     make(chan struct{}),
		reset:       make(chan struct{}),
	}
	f.users = f.allUsers() // as they are stored
	grants := make(map[string]httphandler.Grant)
	for _, t := range c.Tokens {
		_, twice := grants[t.Token]
		check(!twice, "a token is there twice")
		grants[t.Token], f.names[t.Token] = t.Grant, t.Name
	}
	f.handler = httphandler.New(faultyStore{f.Store, f}, faultyAccess(httphandler.StaticTokens(grants)), &opts)
	f.transport = newTransport(f)
	return f
}

// ServeHTTP serves /users/{userId} under any prefix. A [Fault] that breaks the
// connection panics with [http.ErrAbortHandler].
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := f.begin(w, r)
	defer x.end()
	x.serve()
}

// Format writes "handlertest.Fake", and no user.
func (f *Fake) Format(s fmt.State, _ rune) { io.WriteString(s, "handlertest.Fake") }
