package httphandler_test

import (
	"flag"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestMain lets more tests run at the same time than there are cores: those in
// parallel wait for deadlines of net/http. A flag on the command line counts more.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// inBubble runs a subtest in a bubble, where waiting takes no time and no machine
// is too slow for a deadline.
func inBubble(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// dialInMemory is dial without the network, which does not belong into a bubble.
func dialInMemory(t *testing.T, h http.Handler) net.Conn {
	t.Helper()
	client, conn := net.Pipe()
	l := &listenerOfOne{conns: make(chan net.Conn, 1)}
	l.conns <- conn
	server := &http.Server{Handler: h}
	go server.Serve(l)
	t.Cleanup(func() {
		client.Close()
		server.Close()
		time.Sleep(time.Minute) // until the server has given up the connection
	})
	return client
}

// A listenerOfOne accepts one connection.
type listenerOfOne struct {
	conns chan net.Conn
	once  sync.Once
}

func (l *listenerOfOne) Accept() (net.Conn, error) {
	conn, ok := <-l.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (l *listenerOfOne) Close() error   { l.once.Do(func() { close(l.conns) }); return nil }
func (l *listenerOfOne) Addr() net.Addr { return new(net.TCPAddr) }
