package inmemory

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// The handler sees the request, and the client the answer, as over a connection.
func TestCallIsAsServe(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"nothing":       func(http.ResponseWriter, *http.Request) {},
		"no media type": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") },
		"no type at all": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "<html>")
		},
		"encoded": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "x")
			io.WriteString(w, "<html>")
		},
		"own date": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", "Thu, 01 Jan 1970 00:00:00 GMT")
		},
		"no date": func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil },
		"closing": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") },
		"late fields": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Early", "1")
			w.WriteHeader(http.StatusTeapot)
			w.Header().Set("X-Late", "1")
			w.WriteHeader(http.StatusOK)
		},
		"odd fields": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["X-Two"] = []string{" a ", "b\r\nc"}
			w.Header()["x-lower"] = []string{"1"}
		},
		"no content": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1")
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(http.StatusNoContent)
			io.WriteString(w, "x")
		},
		"not modified": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1")
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(http.StatusNotModified)
			io.WriteString(w, "x")
		},
		"length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1")
			io.WriteString(w, "x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := echo(answer)
			called, end := Call(t, h)
			defer end()
			served, endServing := Serve(h)
			defer endServing()
			for _, method := range []string{http.MethodPatch, http.MethodGet} {
				for kind, body := range bodies {
					want, got := answerTo(t, served, request(t, method, body())), answerTo(t, called, request(t, method, body()))
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s with %s (-Serve +Call):\n%s", method, kind, diff)
					}
				}
			}
		})
	}
}

var bodies = map[string]func() io.Reader{
	"no body":    func() io.Reader { return nil },
	"a body":     func() io.Reader { return strings.NewReader("{}") },
	"empty body": func() io.Reader { return strings.NewReader("") },
	"chunks":     func() io.Reader { return io.MultiReader(strings.NewReader("{}")) },
}

// echo answers with the request in a field, and as next does.
func echo(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		w.Header().Set("X-Request", fmt.Sprintf("%q %q %q %q %v %d %q %v", r.Method, r.RequestURI, r.URL, r.Host, r.Header, r.ContentLength, body, err))
		next(w, r)
	})
}

func request(t *testing.T, method string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, "http://example.com/a%2Fb/ü?q=%20", body)
	require.NoError(t, err)
	r.Header = http.Header{"Accept": {" a", "b "}, "User-Agent": {"x"}, "X-None": {}}
	return r
}

// A seen is what a client can see of an answer.
type seen struct {
	Header        http.Header
	ContentLength int64
	Close         bool
	Dump          string
}

// answerTo returns the answer; its date is "now" if it is about that.
func answerTo(t *testing.T, client *http.Client, r *http.Request) seen {
	t.Helper()
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil && time.Since(date) < time.Hour {
		response.Header.Set("Date", "now")
	}
	dump, err := httputil.DumpResponse(response, true)
	require.NoError(t, err)
	return seen{response.Header, response.ContentLength, response.Close, string(dump)}
}

// What the client sets of a request itself, or not, is as over a connection.
func TestCallSendsAsServe(t *testing.T) {
	h := echo(func(http.ResponseWriter, *http.Request) {})
	called, end := Call(t, h)
	defer end()
	served, endServing := Serve(h)
	defer endServing()
	for name, change := range map[string]func(*http.Request){
		"default agent": func(r *http.Request) { r.Header.Del("User-Agent") },
		"no agent":      func(r *http.Request) { r.Header["User-Agent"] = nil },
		"other host":    func(r *http.Request) { r.Host = "other.example" },
		"host of URL":   func(r *http.Request) { r.Host = "" },
	} {
		a, b := request(t, http.MethodGet, nil), request(t, http.MethodGet, nil)
		change(a)
		change(b)
		if diff := cmp.Diff(answerTo(t, served, a), answerTo(t, called, b)); diff != "" {
			t.Errorf("%s (-Serve +Call):\n%s", name, diff)
		}
	}
}

// A closing is a body that notes whether it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestCallClosesBody(t *testing.T) {
	client, end := Call(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { r.Body = http.NoBody }))
	defer end()
	body := &closing{Reader: strings.NewReader("{}")}
	answerTo(t, client, request(t, http.MethodPatch, body))
	if !body.closed {
		t.Error("the body of the request was not closed")
	}

	body = &closing{Reader: body}
	r := request(t, http.MethodPatch, body)
	r.URL.Opaque = "no-path"
	_, err := client.Do(r)
	require.Error(t, err)
	if !body.closed {
		t.Error("the body of a request that cannot be sent was not closed")
	}
}

// A noted is a test that notes whether it failed.
type noted struct {
	testing.TB
	failed chan string
}

func (n noted) Errorf(format string, args ...any) { n.failed <- fmt.Sprintf(format, args...) }

func TestCallNeedsNoConnection(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"breaks off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"103":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusEarlyHints) },
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "2")
			io.WriteString(w, "x")
		},
	} {
		failed := make(chan string, 1)
		client, end := Call(noted{t, failed}, h)
		response, err := client.Get("http://example.com/")
		if err == nil {
			response.Body.Close()
			t.Errorf("%s: answered with %s", name, response.Status)
		}
		if len(failed) == 0 {
			t.Errorf("%s: the test did not fail", name)
		}
		end()
	}
}
