package inmemory

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// The handler sees the request, and the client the answer, as over a connection.
func TestCallIsAsServe(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"nothing":       func(http.ResponseWriter, *http.Request) {},
		"no media type": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") },
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
			w.WriteHeader(http.StatusNoContent)
			io.WriteString(w, "x")
		},
		"length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1")
			io.WriteString(w, "x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			echo := func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				w.Header().Set("X-Request", fmt.Sprintf("%q %q %q %q %v %d %q %v", r.Method, r.RequestURI, r.URL, r.Host, r.Header, r.ContentLength, body, err))
				answer(w, r)
			}
			called, end := Call(t, http.HandlerFunc(echo))
			defer end()
			served, endServing := Serve(http.HandlerFunc(echo))
			defer endServing()
			for _, method := range []string{http.MethodPatch, http.MethodGet} {
				for kind, body := range bodies {
					want, got := answerTo(t, served, method, body()), answerTo(t, called, method, body())
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

// answerTo returns the answer, less its date.
func answerTo(t *testing.T, client *http.Client, method string, body io.Reader) string {
	t.Helper()
	r, err := http.NewRequest(method, "http://example.com/a%2Fb/ü?q=%20", body)
	require.NoError(t, err)
	r.Header = http.Header{"Accept": {" a", "b "}, "User-Agent": {"x"}, "X-None": {}}
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	response.Header.Del("Date")
	text, err := httputil.DumpResponse(response, true)
	require.NoError(t, err)
	return string(text)
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
