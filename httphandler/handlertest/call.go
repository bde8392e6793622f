package handlertest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Call is a request that a [Fake] answered. Package fmt prints its method, path and
// status, and no personal value.
type Call struct {
	Method string
	Path   string      // escaped, as it was sent
	UserID string      // the last segment of Path
	Header http.Header // without Authorization
	Body   []byte      // as much of it as was read
	Status int         // of the answer
}

// Format writes the method, the path and the status.
func (c Call) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "%s %s: %d", c.Method, c.Path, c.Status)
}

// newCall records r. The returned request also records its body as it is read.
func newCall(r *http.Request) (*Call, *http.Request) {
	path := r.URL.EscapedPath()
	c := &Call{
		Method: r.Method,
		Path:   path,
		UserID: path[strings.LastIndexByte(path, '/')+1:],
		Header: r.Header.Clone(),
	}
	c.Header.Del("Authorization")
	if r.Body == nil || r.Body == http.NoBody {
		return c, r
	}
	r = r.WithContext(r.Context())
	r.Body = &bodyRecorder{r.Body, c}
	return c, r
}

type bodyRecorder struct {
	io.ReadCloser
	call *Call
}

func (b *bodyRecorder) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.call.Body = append(b.call.Body, p[:n]...)
	return n, err
}

// statusRecorder records the status of the answer.
type statusRecorder struct {
	http.ResponseWriter
	call *Call
}

func (w *statusRecorder) WriteHeader(status int) {
	w.call.Status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController set the read deadline.
func (w *statusRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
