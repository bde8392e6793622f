package servertest

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
)

// Patches that are sent at once arrive at the same moment, though one client connects
// after another.
func TestWritesArriveTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var arrived []time.Duration
		start := time.Now()
		tr := trialAgainst(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.ReadAll(r.Body)
			mu.Lock()
			arrived = append(arrived, time.Since(start))
			mu.Unlock()
			io.WriteString(w, `{"data":{"type":"User","id":"1","attributes":{}}}`)
		}))
		var writes []*write
		for range 3 {
			writes = append(writes, &write{pointer: "/lastName", value: "x", body: object{"lastName": "x"}})
		}
		if taken := tr.sendAll(writes); len(taken) != len(writes) {
			t.Errorf("%d patches were taken, want %d", len(taken), len(writes))
		}
		if diff := cmp.Diff([]time.Duration{30 * time.Millisecond, 30 * time.Millisecond, 30 * time.Millisecond}, arrived); diff != "" {
			t.Errorf("when the patches arrived (-want +got):\n%s", diff)
		}
	})
}

// One patch that never gets a connection holds up the others for a second, and no more.
func TestGateOpensInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2)
		start := time.Now()
		(&ticket{gate: g}).wait()
		if waited := time.Since(start); waited != gateLimit {
			t.Errorf("waited for %v, want %v", waited, gateLimit)
		}
	})
}

// trialAgainst returns a trial against the handler, to which each connection takes 10 ms
// longer than the one before.
func trialAgainst(t *testing.T, h http.Handler) *trial {
	t.Helper()
	var mu sync.Mutex
	delay := time.Duration(0)
	conns := make(chan net.Conn)
	server := &http.Server{Handler: h}
	go server.Serve(listener(conns))
	transport := &http.Transport{MaxIdleConnsPerHost: 8, DialContext: func(context.Context, string, string) (net.Conn, error) {
		mu.Lock()
		delay += 10 * time.Millisecond
		wait := delay
		mu.Unlock()
		time.Sleep(wait)
		client, server := net.Pipe()
		conns <- server
		return client, nil
	}}
	t.Cleanup(func() { close(conns); transport.CloseIdleConnections(); server.Close() })
	target := Target{URL: "http://127.0.0.1", User: uuid.New(), Token: "good-token", Client: &http.Client{Transport: transport}}
	s := newSession(t.Context(), target, conformance.Options{Seed: 1})
	return &trial{session: s, Requirement: setup}
}

// A listener accepts the connections that come through the channel.
type listener chan net.Conn

func (l listener) Accept() (net.Conn, error) {
	if c, ok := <-l; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (l listener) Close() error   { return nil }
func (l listener) Addr() net.Addr { return &net.TCPAddr{} }
