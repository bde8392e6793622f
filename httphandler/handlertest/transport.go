package handlertest

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
)

// RoundTrip answers the request without a port: through a client and a server of
// net/http with a connection in memory between them, so that all is as with a port. Any
// host will do. Each request has a connection of its own, so that net/http never sends it
// again by itself, as it may over a port (see [LoseAnswer]); https is without TLS.
func (f *Fake) RoundTrip(r *http.Request) (*http.Response, error) {
	plain := r
	if r.URL != nil && r.URL.Scheme == "https" {
		plain = r.WithContext(r.Context())
		u := *r.URL
		u.Scheme, plain.URL = "http", &u
	}
	response, err := f.transport.RoundTrip(plain)
	if response != nil {
		response.Request = r
	}
	return response, err
}

func newTransport(f *Fake) http.RoundTripper {
	server := &http.Server{Handler: f}
	return &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			client, accepted := pipe()
			go server.Serve(&singleListener{conn: accepted}) //nolint:errcheck // it ends with io.EOF
			return client, nil
		},
		// Closes each connection after its answer, so that no goroutine is left over in a
		// bubble of testing/synctest. (DisableKeepAlives would send Connection: close.)
		MaxIdleConnsPerHost: -1,
	}
}

// A singleListener accepts one connection.
type singleListener struct{ conn net.Conn }

func (l *singleListener) Accept() (net.Conn, error) {
	conn := l.conn
	if conn == nil {
		return nil, io.EOF
	}
	l.conn = nil
	return conn, nil
}

func (l *singleListener) Close() error { return nil }

func (l *singleListener) Addr() net.Addr { return loopback }

var loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}

// A pipeConn is an end of a connection in memory. It seems to be TCP on loopback.
type pipeConn struct {
	net.Conn
	linger bool
	reset  *atomic.Bool // of both ends
}

func pipe() (client, server *pipeConn) {
	a, b := net.Pipe()
	reset := new(atomic.Bool)
	return &pipeConn{a, true, reset}, &pipeConn{b, true, reset}
}

func (c *pipeConn) LocalAddr() net.Addr { return loopback }

func (c *pipeConn) RemoteAddr() net.Addr { return loopback }

// SetLinger is as in [net.TCPConn]: with 0 seconds, Close resets the connection.
func (c *pipeConn) SetLinger(sec int) error {
	c.linger = sec != 0
	return nil
}

func (c *pipeConn) Close() error {
	if !c.linger {
		c.reset.Store(true)
	}
	return c.Conn.Close()
}

func (c *pipeConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	switch {
	case err == io.EOF && c.reset.Load():
		err = opError("read", os.NewSyscallError("read", syscall.ECONNRESET))
	case err == io.ErrClosedPipe:
		err = opError("read", net.ErrClosed)
	}
	return n, err
}

func (c *pipeConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err == io.ErrClosedPipe {
		err = opError("write", os.NewSyscallError("write", syscall.EPIPE))
	}
	return n, err
}

// ReadFrom is as in [net.TCPConn]: with its name in the error of r.
func (c *pipeConn) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(c.Conn, r)
	if err != nil {
		err = opError("readfrom", err)
	}
	return n, err
}

func opError(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: loopback, Addr: loopback, Err: err}
}
