package inmemory

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Call is Serve without connections, in half the time: the client hands the request to
// the handler, and gets the answer when that has returned. Requests and answers are as
// net/http brings them over HTTP/1.1. What only a connection can do fails the test: to
// be broken off, 1xx, and a Content-Length that does not hold. It is for GET, PATCH and
// methods that are refused, not for HEAD.
func Call(t testing.TB, h http.Handler) (*http.Client, func()) {
	c := &caller{t: t, handler: h, calls: make(chan *call), done: make(chan struct{})}
	return &http.Client{Transport: c, CheckRedirect: noRedirect}, func() { close(c.done) }
}

type caller struct {
	t       testing.TB
	handler http.Handler
	calls   chan *call // to a goroutine that is idle
	done    chan struct{}
}

// A call is a request on its way, and the answer.
type call struct {
	request *http.Request
	answer  chan *http.Response // nil: broken off
}

// RoundTrip calls the handler, and leaves it alone when the request's context is done.
func (c *caller) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	arrived, err := arrival(ctx, r)
	if err != nil {
		return nil, err
	}
	call := &call{arrived, make(chan *http.Response, 1)}
	select {
	case c.calls <- call:
	default:
		go c.work(call)
	}
	select {
	case response := <-call.answer:
		if response == nil {
			return nil, io.EOF
		}
		response.Request = r
		return response, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// work carries out the call, and others after it: a new goroutine for each would spend
// its time on growing its stack.
func (c *caller) work(next *call) {
	for {
		next.answer <- c.serve(next.request)
		select {
		case next = <-c.calls:
		case <-c.done:
			return
		}
	}
}

func (c *caller) serve(r *http.Request) (response *http.Response) {
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
		Method: r.Method, URL: u, RequestURI: target, Host: r.URL.Host, RemoteAddr: "127.0.0.1:1",
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: trimmed(r.Header), Body: r.Body, ContentLength: r.ContentLength,
	}
	switch {
	case r.ContentLength > 0 || r.Method == http.MethodPatch && (r.Body == nil || r.Body == http.NoBody):
		arrived.Header.Set("Content-Length", fmt.Sprint(r.ContentLength))
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
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	return w.body.Write(p)
}

// response returns the answer as a client gets it.
func (w *responseWriter) response() *http.Response {
	w.WriteHeader(http.StatusOK)
	header, body := trimmed(w.sent), w.body.Bytes()
	if header["Content-Type"] == nil && len(body) > 0 {
		header.Set("Content-Type", http.DetectContentType(body))
	}
	length := int64(len(body))
	if declared := header.Get("Content-Length"); declared != "" && declared != fmt.Sprint(length) {
		panic(fmt.Sprintf("Content-Length: %s of %d", declared, length))
	}
	header.Set("Content-Length", fmt.Sprint(length))
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	return &http.Response{
		StatusCode: w.status, Status: fmt.Sprint(w.status, " ", http.StatusText(w.status)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: length,
	}
}
