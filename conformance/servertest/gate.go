package servertest

import (
	"context"
	"net/http/httptrace"
	"sync"
	"time"
)

// gateLimit is how long a request waits for the others of its gate. Above all it keeps
// a slow Options.Rate from using up the time of the requests.
const gateLimit = time.Second

// A gate lets requests go at the same moment: each waits, with its connection at hand,
// until all have come there. Clients that only start together are apart by the time that
// it takes to connect, which is long against the microseconds between the read and the
// write of a server.
type gate struct {
	mu      sync.Mutex
	missing int
	open    chan struct{}
}

func newGate(n int) *gate { return &gate{missing: n, open: make(chan struct{})} }

// A ticket is the place of one request. Nil is that of a request by itself.
type ticket struct {
	gate *gate
	once sync.Once
}

// arrive counts the request as one for which nobody waits any longer.
func (t *ticket) arrive() {
	t.once.Do(func() {
		t.gate.mu.Lock()
		defer t.gate.mu.Unlock()
		if t.gate.missing--; t.gate.missing == 0 {
			close(t.gate.open)
		}
	})
}

// wait arrives, and returns when all requests have arrived.
func (t *ticket) wait() {
	t.arrive()
	select {
	case <-t.gate.open:
	case <-time.After(gateLimit):
	}
}

// context returns a context under which a request waits when it has its connection.
func (t *ticket) context(ctx context.Context) context.Context {
	if t == nil {
		return ctx
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { t.wait() }})
}
