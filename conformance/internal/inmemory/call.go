package inmemory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/concurrent"
)

// Call is Serve without connections, in half the time: the client hands the request to
// the handler, and gets the answer when that has returned. What only a connection can do
// fails the test: to be broken off, 1xx, and a Content-Length that does not hold. It is
// for GET, PATCH and methods that are refused, not for HEAD.
//
// Otherwise it follows net/http over HTTP/1.1, within these limits:
//   - Every answer that may have a body has its Content-Length; none is chunked, whatever
//     its length or its Transfer-Encoding, and there are no trailers.
//   - Field names and values are not checked. A request's own Host, Content-Length,
//     Transfer-Encoding and Trailer fields arrive, though net/http would not send them.
//   - A status without a standard text has none.
//   - [http.ResponseController] can only set the read deadline, which does nothing; all
//     else, such as Flush, is [http.ErrNotSupported].
//   - There is no connection to close: not after [http.MaxBytesReader], nor as the
//     request asks for it.
func Call(t testing.TB, h http.Handler) (*http.Client, func()) {
	done := make(chan struct{})
	c := &caller{t: t, handler: h, crew: concurrent.NewCrew(done)}
	return &http.Client{Transport: c, CheckRedirect: noRedirect}, func() { close(done) }
}

type caller struct {
	t       testing.TB
	handler http.Handler
	crew    *concurrent.Crew
}

// RoundTrip calls the handler, and leaves it alone when the request's context is done.
func (c *caller) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	arrived, err := arrival(ctx, r)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // the error is that it cannot be sent
		}
		return nil, err
	}
	answer := make(chan *http.Response, 1) // nil: broken off
	c.crew.Start(func() { answer <- c.serve(arrived) })
	select {
	case response := <-answer:
		if response == nil {
			return nil, io.EOF
		}
		response.Request = r
		return response, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *caller) serve(r *http.Request) (response *http.Response) {
	defer r.Body.Close() // the client's, which the handler may replace
	defer func() {
		if v := recover(); v != nil {
			c.t.Errorf("the handler needs a connection: it panicked: %v", v)
		}
	}()
	w := &responseWriter{header: http.Header{}}
	c.handler.ServeHTTP(w, r)
	return w.response()
}

// arrival returns the request as a server gets it.
func arrival(ctx context.Context, r *http.Request) (*http.Request, error) {
	target := r.URL.RequestURI()
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	arrived := &http.Request{
		Method: r.Method, URL: u, RequestURI: target, Host: cmp.Or(r.Host, r.URL.Host), RemoteAddr: "127.0.0.1:1",
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: trimmed(r.Header), Body: r.Body, ContentLength: r.ContentLength,
	}
	if _, ok := r.Header["User-Agent"]; !ok {
		arrived.Header.Set("User-Agent", "Go-http-client/1.1")
	}
	switch {
	case r.ContentLength > 0 || r.Method == http.MethodPatch && (r.Body == nil || r.Body == http.NoBody):
		arrived.Header.Set("Content-Length", strconv.FormatInt(r.ContentLength, 10))
	case r.Body != nil && r.Body != http.NoBody:
		arrived.ContentLength = -1 // chunked
	}
	if r.Body == nil {
		arrived.Body = http.NoBody
	}
	return arrived.WithContext(ctx), nil
}

// trimmed returns the fields that have values, as the other side reads them.
func trimmed(h http.Header) http.Header {
	read := make(http.Header, len(h))
	for name, values := range h {
		name = http.CanonicalHeaderKey(name)
		for _, value := range values {
			read[name] = append(read[name], textproto.TrimString(oneLine.Replace(value)))
		}
	}
	return read
}

var oneLine = strings.NewReplacer("\n", " ", "\r", " ")

// A responseWriter keeps the answer.
type responseWriter struct {
	header http.Header
	sent   http.Header // as it was when the status was written
	status int
	body   bytes.Buffer
}

func (w *responseWriter) Header() http.Header             { return w.header }
func (w *responseWriter) SetReadDeadline(time.Time) error { return nil } // the body is there

func (w *responseWriter) WriteHeader(status int) {
	if status < 200 {
		panic(fmt.Sprint("status ", status))
	}
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if suppressed[w.status] != nil {
		return 0, http.ErrBodyNotAllowed
	}
	return w.body.Write(p)
}

// suppressed has the statuses without a body, and the fields that they do not have.
var suppressed = map[int][]string{
	http.StatusNoContent:   {"Content-Length"},
	http.StatusNotModified: {"Content-Length", "Content-Type"},
}

// response returns the answer as a client gets it.
func (w *responseWriter) response() *http.Response {
	w.WriteHeader(http.StatusOK)
	header, body := w.fields(), w.body.Bytes()
	closing := strings.EqualFold(header.Get("Connection"), "close")
	if closing {
		header.Del("Connection") // as a client does
	}
	return &http.Response{
		StatusCode: w.status, Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
		Close: closing,
	}
}

// fields returns the header of the answer, with the fields that the server adds. A field
// that the handler has set to no values is not added.
func (w *responseWriter) fields() http.Header {
	header, body := trimmed(w.sent), w.body.Bytes()
	if _, ok := w.sent["Date"]; !ok {
		header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	if names := suppressed[w.status]; names != nil {
		for _, name := range names {
			header.Del(name)
		}
		return header
	}
	if _, ok := w.sent["Content-Type"]; !ok && len(body) > 0 && header.Get("Content-Encoding") == "" {
		header.Set("Content-Type", http.DetectContentType(body))
	}
	length := strconv.Itoa(len(body))
	if declared := header.Get("Content-Length"); declared != "" && declared != length {
		panic(fmt.Sprintf("Content-Length: %s of %s", declared, length))
	}
	header.Set("Content-Length", length)
	return header
}
