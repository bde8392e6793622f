package handlertest_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// An observed is all that a client, and afterwards a test, can see of a request.
type observed struct {
	Error           string // of RoundTrip
	Status          string
	Proto           string
	Header          http.Header
	ContentLength   int64
	Transfer        []string
	Close           bool
	Body, BodyError string
	Trailer         http.Header
	OfRequest       bool        // Response.Request is the request
	BodyClosed      bool        // of the request
	Sent            http.Header // of the request, afterwards
	Calls           []handlertest.Call
	FirstName       string
}

const doorBody = `{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":{"firstName":"Joan"}}}`

// doorRequests are requests of every kind that a transport treats differently. Each
// changes one that sets the first name.
var doorRequests = map[string]func(r *http.Request){
	"plain":                func(*http.Request) {},
	"HEAD":                 func(r *http.Request) { r.Method, r.Body, r.ContentLength = http.MethodHead, nil, 0 },
	"GET":                  func(r *http.Request) { r.Method, r.Body, r.ContentLength = http.MethodGet, nil, 0 },
	"empty method":         func(r *http.Request) { r.Method, r.Body, r.ContentLength = "", nil, 0 },
	"OPTIONS":              func(r *http.Request) { r.Method = http.MethodOptions },
	"TRACE":                func(r *http.Request) { r.Method, r.Body, r.ContentLength = http.MethodTrace, nil, 0 },
	"method of lower case": func(r *http.Request) { r.Method = "patch" },
	"invalid method":       func(r *http.Request) { r.Method = "PA TCH" },

	"no body":                  func(r *http.Request) { r.Body, r.ContentLength = nil, 0 },
	"http.NoBody":              func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 },
	"empty body":               func(r *http.Request) { setBody(r, strings.NewReader(""), 0) },
	"empty, of unknown length": func(r *http.Request) { setBody(r, strings.NewReader(""), -1) },
	"unknown length":           func(r *http.Request) { r.ContentLength = -1 },
	"shorter than its length":  func(r *http.Request) { r.ContentLength += 5 },
	"longer than its length":   func(r *http.Request) { r.ContentLength -= 5 },
	"a length without a body":  func(r *http.Request) { r.Body = nil },
	"body fails at once":       func(r *http.Request) { setBody(r, failing{}, -1) },
	"body fails in the middle": func(r *http.Request) {
		setBody(r, io.MultiReader(strings.NewReader(doorBody[:20]), failing{}), int64(len(doorBody)))
	},
	"body of unknown length fails": func(r *http.Request) { setBody(r, io.MultiReader(strings.NewReader(doorBody[:20]), failing{}), -1) },
	"70 KB":                        func(r *http.Request) { setBody(r, strings.NewReader(strings.Repeat(" ", 70_000)), 70_000) },
	"70 KB, of unknown length":     func(r *http.Request) { setBody(r, strings.NewReader(strings.Repeat(" ", 70_000)), -1) },
	"300 KB, refused": func(r *http.Request) {
		r.Header.Del("Authorization")
		setBody(r, strings.NewReader(strings.Repeat(" ", 300_000)), 300_000)
	},
	"1 MB, refused": func(r *http.Request) {
		r.Header.Del("Authorization")
		setBody(r, strings.NewReader(strings.Repeat(" ", 1_000_000)), 1_000_000)
	},
	"trailer": func(r *http.Request) { r.ContentLength, r.Trailer = -1, http.Header{"X-Checksum": {"1"}} },

	"invalid header value":          func(r *http.Request) { r.Header.Set("X-Note", "a\nb") },
	"NUL in a header value":         func(r *http.Request) { r.Header.Set("X-Note", "a\x00b") },
	"space around a header value":   func(r *http.Request) { r.Header.Set("X-Note", "  a ") },
	"invalid header name":           func(r *http.Request) { r.Header["X Note"] = []string{"a"} },
	"header name of lower case":     func(r *http.Request) { r.Header["x-note"] = []string{"a"} },
	"umlaut in a header value":      func(r *http.Request) { r.Header.Set("X-Note", "ä") },
	"long header":                   func(r *http.Request) { r.Header.Set("X-Note", strings.Repeat("a", 20_000)) },
	"huge header":                   func(r *http.Request) { r.Header.Set("X-Note", strings.Repeat("a", 2<<20)) },
	"nil header":                    func(r *http.Request) { r.Header = nil },
	"Host as a header":              func(r *http.Request) { r.Header.Set("Host", "other.test") },
	"Content-Length as a header":    func(r *http.Request) { r.Header.Set("Content-Length", "3") },
	"Transfer-Encoding as a header": func(r *http.Request) { r.Header.Set("Transfer-Encoding", "gzip") },
	"User-Agent":                    func(r *http.Request) { r.Header.Set("User-Agent", "app/1") },
	"no User-Agent":                 func(r *http.Request) { r.Header["User-Agent"] = nil },
	"Accept-Encoding":               func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") },
	"Connection close":              func(r *http.Request) { r.Header.Set("Connection", "close") },
	"Close":                         func(r *http.Request) { r.Close = true },
	"Expect":                        func(r *http.Request) { r.Header.Set("Expect", "100-continue") },
	"Expect and a refusal":          func(r *http.Request) { r.Header.Set("Expect", "100-continue"); r.Header.Del("Authorization") },
	"unknown expectation":           func(r *http.Request) { r.Header.Set("Expect", "miracles") },
	"two tokens":                    func(r *http.Request) { r.Header.Add("Authorization", "Bearer x") },
	"invalid trailer":               func(r *http.Request) { r.ContentLength, r.Trailer = -1, http.Header{"Content-Length": {"1"}} },

	"no token":             func(r *http.Request) { r.Header.Del("Authorization") },
	"other token":          func(r *http.Request) { r.Header.Set("Authorization", "Bearer junk") },
	"refused":              func(r *http.Request) { r.Header.Set("Accept", "text/html") },
	"unknown user":         func(r *http.Request) { r.URL.Path = "/users/5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90" },
	"no path":              func(r *http.Request) { r.URL.Path = "" },
	"asterisk":             func(r *http.Request) { r.Method, r.Body, r.ContentLength, r.URL.Path = http.MethodOptions, nil, 0, "*" },
	"query":                func(r *http.Request) { r.URL.RawQuery = "a=b&c" },
	"control in the query": func(r *http.Request) { r.URL.RawQuery = "a\x00 b" },
	"escaped path":         func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/users/a/b c", "/users/a%2Fb%20c" },
	"opaque":               func(r *http.Request) { r.URL.Opaque = "//users.test" + r.URL.Path },
	"dots":                 func(r *http.Request) { r.URL.Path = "/users/../" + r.URL.Path },
	"other host":           func(r *http.Request) { r.Host = "other.test" },
	"invalid host":         func(r *http.Request) { r.Host = "a b" },
	"no host":              func(r *http.Request) { r.URL.Host, r.Host = "", "" },
	"no URL":               func(r *http.Request) { r.URL = nil },
	"other scheme":         func(r *http.Request) { r.URL.Scheme = "ftp" },
	"no scheme":            func(r *http.Request) { r.URL.Scheme = "" },
	"RequestURI":           func(r *http.Request) { r.RequestURI = "/other" },
	"user in the URL":      func(r *http.Request) { r.URL.User = url.UserPassword("a", "b") },
	"canceled": func(r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		*r = *r.WithContext(ctx)
	},
	"expired": func(r *http.Request) {
		ctx, cancel := context.WithDeadline(r.Context(), time.Unix(0, 0))
		cancel()
		*r = *r.WithContext(ctx)
	},
	"canceled with a cause": func(r *http.Request) {
		ctx, cancel := context.WithCancelCause(r.Context())
		cancel(errBody)
		*r = *r.WithContext(ctx)
	},
}

// brokenOff are those that the client breaks off itself. They are not answered: an answer
// could be there before the error. Whether they reach the fake is a matter of time.
var brokenOff = []string{
	"body fails at once", "body fails in the middle", "body of unknown length fails",
	"shorter than its length", "longer than its length",
}

func setBody(r *http.Request, body io.Reader, length int64) {
	r.Body, r.ContentLength, r.GetBody = io.NopCloser(body), length, nil
}

var errBody = errors.New("the body fails")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBody }

type closeRecorder struct {
	io.ReadCloser
	closed chan struct{}
}

func (b closeRecorder) Close() error {
	select {
	case <-b.closed:
	default:
		close(b.closed)
	}
	return b.ReadCloser.Close()
}

// changing matches what differs from one answer, or one connection, to the next.
var changing = regexp.MustCompile(`"id":"[A-Z2-7]{26}"|(127\.0\.0\.1|\[::1\]):[0-9]+`)

func normal(text string) string { return changing.ReplaceAllString(text, "_") }

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return normal(err.Error())
}

// observe sends one request through the transport and returns all that can be seen.
func observe(t *testing.T, transport http.RoundTripper, f *handlertest.Fake, base string, change func(*http.Request)) (o observed) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, base+"/users/"+handlertest.ExampleID, strings.NewReader(doorBody))
	require.NoError(t, err)
	r.Host = "users.test"
	r.Header.Set("Content-Type", httphandler.MediaType)
	r.Header.Set("Authorization", "Bearer "+handlertest.Token)
	change(r)
	closed := make(chan struct{})
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = closeRecorder{r.Body, closed}
	} else {
		close(closed)
	}
	response, err := transport.RoundTrip(r)
	o.Error = errorText(err)
	if err == nil {
		o.readResponse(response)
		o.OfRequest = response.Request == r
	}
	select {
	case <-closed:
		o.BodyClosed = true
	case <-time.After(5 * time.Second):
	}
	o.Sent = r.Header
	o.Calls = f.Calls()
	for i := range o.Calls {
		o.Calls[i].Time = time.Time{}
	}
	user, err := f.Store.Get(t.Context(), exampleID)
	require.NoError(t, err)
	o.FirstName, _ = user.Attributes.FirstName.Get()
	return o
}

func (o *observed) readResponse(response *http.Response) {
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	o.Status, o.Proto, o.Header, o.ContentLength = response.Status, response.Proto, response.Header, response.ContentLength
	o.Transfer, o.Close, o.Trailer = response.TransferEncoding, response.Close, response.Trailer
	o.Body, o.BodyError = normal(string(body)), errorText(err)
	if date, err := http.ParseTime(o.Header.Get("Date")); err == nil && time.Since(date).Abs() < time.Hour {
		o.Header.Set("Date", "now")
	}
}

// Without a port, everything is as with one.
func TestBothDoorsAreAlike(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(doorRequests)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, f := handlertest.NewServer(t), handlertest.New()
			transport := new(http.Transport)
			defer transport.CloseIdleConnections()
			for _, f := range []*handlertest.Fake{server.Fake, f} {
				if slices.Contains(brokenOff, name) {
					f.Inject(handlertest.Delay(time.Hour))
				}
			}
			want := observe(t, transport, server.Fake, server.URL, doorRequests[name])
			got := observe(t, f, f, server.URL, doorRequests[name])
			if slices.Contains(brokenOff, name) {
				want.Calls, got.Calls = nil, nil
				server.ClearFaults()
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("without a port (-want, with one, +got):\n%s", diff)
			}
			if testing.Verbose() {
				t.Logf("%q %s %q", want.Error, want.Status, want.BodyError)
			}
		})
	}
}
