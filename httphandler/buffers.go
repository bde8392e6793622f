package httphandler

import "sync"

// A buffer is memory for a request body or an answer. It is reused for other
// users: start with bytes[:0], and never read what you have not written.
type buffer struct {
	bytes []byte

	// For the scanner and the decoder: large enough for the documents that clients send.
	open   [8]scope
	names  [32][]byte
	values [16]value
}

// maxKept is the largest buffer that goes back to the pool: enough for a body of
// the default limit and for the answer to it.
const maxKept = 2 * DefaultMaxBodyBytes

var buffers = sync.Pool{New: func() any { return &buffer{bytes: make([]byte, 0, 2<<10)} }}

func takeBuffer() *buffer { return buffers.Get().(*buffer) }

// forget drops what the scanner kept: it filled both arrays from the start.
func (b *buffer) forget() {
	for i := range b.open {
		b.open[i].seen = nil
	}
	for i := 0; i < len(b.names) && b.names[i] != nil; i++ {
		b.names[i] = nil
	}
}

// giveBack returns b to the pool. Do not defer it: after a panic something may still
// be using b.
func (b *buffer) giveBack() {
	if cap(b.bytes) <= maxKept {
		buffers.Put(b)
	}
}
