package main

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// isLoopback reports whether the host is certainly this machine: a loopback address, or
// localhost.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// listenOnLoopback listens on an address that no other machine can reach.
func listenOnLoopback(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	switch {
	case err != nil:
		return nil, usagef("-addr %q: want HOST:PORT, such as 127.0.0.1:8080 or [::1]:0", addr)
	case !isLoopback(host):
		return nil, usagef("-addr %q is not a loopback address, and a faulty server is for trying out: listen on loopback, such as 127.0.0.1:8080", addr)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen: %w: choose another address with -addr (port 0 picks a free port)", err)
	}
	// A hosts file can say anything of localhost.
	if bound, _, _ := net.SplitHostPort(listener.Addr().String()); !isLoopback(bound) {
		listener.Close()
		return nil, fmt.Errorf("cannot listen: %s is no loopback address here: use 127.0.0.1 or [::1] with -addr", host)
	}
	return listener, nil
}
