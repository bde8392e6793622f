package servertest

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// gateLimit is how long a request waits for the others of its gate. Above all it keeps
// a slow Options.Rate from using up the time of the requests.
const gateLimit = time.Second

// A gate lets requests go at the same moment: each waits, with its connection at hand,
// before the last byte of its body, until all have come there. Clients that only start
// together are apart by the time that it takes to connect and to write, which is long
// against the microseconds between the read and the write of a server.
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

// body returns a reader of the text that waits before the last byte.
func (t *ticket) body(text []byte) io.Reader {
	last := max(0, len(text)-1)
	return io.MultiReader(bytes.NewReader(text[:last]), &heldReader{ticket: t, rest: text[last:]})
}

type heldReader struct {
	ticket *ticket
	rest   []byte
}

func (r *heldReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	r.ticket.wait()
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
