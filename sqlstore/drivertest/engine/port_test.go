//go:build linux

package engine

import (
	"net"
	"testing"
)

// TestTakenPort starts a server whose port somebody else took in the meantime: it
// gets another one.
func TestTakenPort(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	taken := listener.Addr().(*net.TCPAddr).Port
	for _, p := range []*product{postgreSQL, mariaDB} {
		server, err := prepare(p, []Option{Fast})
		Require(t, err)
		closeAfter(t, server.Close)
		server.port = taken
		must(t, server.Start())
		if server.port == taken {
			t.Errorf("%s answers at a port that it cannot have", p.name)
		}
		must(t, server.ping())
	}
}

// TestFreePort gives out no port twice, although nobody uses them.
func TestFreePort(t *testing.T) {
	given := map[int]bool{}
	for range 3000 {
		port, err := freePort()
		must(t, err)
		if given[port] {
			t.Fatalf("got port %d twice", port)
		}
		if port < firstPort || port > lastPort {
			t.Fatalf("got port %d, want one from %d to %d", port, firstPort, lastPort)
		}
		given[port] = true
	}
}
