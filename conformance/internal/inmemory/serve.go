// Package inmemory serves handlers without a port, for tests in bubbles.
package inmemory

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
)

// Serve serves the handler in memory, so that it can be in a bubble of
// [testing/synctest]. It returns a client that reaches nothing else and follows no
// redirects, and a function that ends both.
func Serve(h http.Handler) (*http.Client, func()) {
	p := pipe{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(p) //nolint:errcheck // it is ErrServerClosed
	transport := &http.Transport{DialContext: p.dial, DisableCompression: true, MaxIdleConnsPerHost: 64}
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: noRedirect,
	}
	return client, func() {
		transport.CloseIdleConnections()
		server.Close()
	}
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// A pipe is a listener, and the dialer of its clients.
type pipe struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p pipe) Close() error   { close(p.done); return nil }
func (p pipe) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (p pipe) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
