package main

import (
	"net"
	"net/netip"
	"testing"
)

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"127.0.0.1":        true,
		"127.8.9.10":       true,
		"::1":              true,
		"::ffff:127.0.0.1": true,
		"localhost":        true,
		"LocalHost":        true,
		"":                 false,
		"0.0.0.0":          false,
		"::":               false,
		"192.168.0.1":      false,
		"fe80::1%lo":       false,
		"127.1":            false,
		"0":                false,
		"a.localhost":      false,
		"example.com":      false,
	} {
		if got := isLoopback(host); got != want {
			t.Errorf("isLoopback(%q) = %v, want %v", host, got, want)
		}
	}
}

func TestBaseURL(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:80":   "http://127.0.0.1:80",
		"0.0.0.0:80":     "http://127.0.0.1:80",
		"[::]:80":        "http://127.0.0.1:80",
		"[::1]:80":       "http://[::1]:80",
		"[fe80::1%e0]:1": "http://[fe80::1%25e0]:1",
	} {
		if got := baseURL(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr))); got != want {
			t.Errorf("baseURL(%s) = %s, want %s", addr, got, want)
		}
	}
}

// A strange hosts file may bind localhost to an address that is not loopback.
func TestListenChecksWhatItIsBoundTo(t *testing.T) {
	if listener, err := listenOn("-addr", "0.0.0.0:0", "localhost"); err == nil {
		t.Errorf("listens on %v, want an error", listener.Addr())
		listener.Close()
	}
}
