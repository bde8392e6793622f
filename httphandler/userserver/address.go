package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// hostOf returns the host in the value of a flag.
func hostOf(name, addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", usagef("%s %q: want HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:8080 or [::1]:0", name, addr)
	}
	return host, nil
}

// isLoopback reports whether host can be reached only from this machine. Of names,
// only localhost counts.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// listenOn listens on the address of a flag, which has that host.
func listenOn(name, addr, host string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen: %w: choose another address with %s (port 0 picks a free port)", err, name)
	}
	// A hosts file may give localhost any address.
	if bound, _, _ := net.SplitHostPort(listener.Addr().String()); isLoopback(host) && !isLoopback(bound) {
		listener.Close()
		return nil, fmt.Errorf("cannot listen: %s is not a loopback address here: use 127.0.0.1 or [::1] with %s", host, name)
	}
	return listener, nil
}

// baseURL returns the URL at which a client on this machine reaches addr.
func baseURL(addr net.Addr) string {
	host, port, _ := net.SplitHostPort(addr.String())
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		// IPv4 even for [::], which accepts both: containers often lack ::1.
		host = "127.0.0.1"
	}
	// url.URL escapes the zone of an IPv6 address.
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	return u.String()
}
