// Package hostile has servers that harm their clients, by what they send or by sending
// nothing. Tests find out with them that the suite comes to an end, and stays small.
package hostile

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
)

// A Server is one way to answer a request, in place of a correct server, which it may ask.
type Server struct {
	Name   string
	answer func(w http.ResponseWriter, r *http.Request, right http.Handler)
}

// After returns a server that answers the first n requests right, and no other.
func (s Server) After(n int64, right http.Handler) http.Handler {
	var seen atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if seen.Add(1) <= n {
			right.ServeHTTP(w, r)
			return
		}
		s.answer(w, r, right)
	})
}

// Servers returns all of them.
func Servers() []Server { return append(silent(), Heavy()...) }

// Heavy returns those that make a client read much, or compute much.
func Heavy() []Server { return append(floods(), spoilt()...) }

// conn is the connection of a request, which the server has taken over.
type conn struct {
	net.Conn
	*bufio.Writer
	right []byte // the answer of the correct server
}

// send writes the text, and reports whether the client still reads.
func (c conn) send(text string) bool {
	_, err := c.WriteString(text)
	return err == nil && c.Flush() == nil
}

// wait waits until the client closes the connection.
func (c conn) wait() { _, _ = io.Copy(io.Discard, c.Conn) }

// taking is a server that takes over the connection, and closes it at the end.
func taking(name string, answer func(conn)) Server {
	return Server{name, func(w http.ResponseWriter, r *http.Request, right http.Handler) {
		recorder := httptest.NewRecorder()
		right.ServeHTTP(recorder, r)
		result := recorder.Result()
		result.ContentLength = int64(recorder.Body.Len())
		var text bytes.Buffer
		_ = result.Write(&text) // to a buffer
		taken, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err) // the server of the test allows it
		}
		defer taken.Close()
		answer(conn{taken, bufio.NewWriterSize(taken, 64<<10), text.Bytes()})
	}}
}

// spoiling is a server that changes what the right one answers.
func spoiling(name string, spoil func(h http.Header, body []byte) []byte) Server {
	return Server{name, func(w http.ResponseWriter, r *http.Request, right http.Handler) {
		recorder := httptest.NewRecorder()
		right.ServeHTTP(recorder, r)
		for field, values := range recorder.Header() {
			w.Header()[field] = values
		}
		w.Header().Del("Content-Length")
		body := spoil(w.Header(), recorder.Body.Bytes())
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(body) // the client may have gone
	}}
}
