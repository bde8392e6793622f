package httphandler

import "sync"

// A buffer is memory for a body or an answer. It is used again for those of
// other users, so whoever takes one starts with bytes[:0] and looks at nothing
// but what it has put there.
type buffer struct {
	bytes []byte

	// For the scanner of a body: enough for documents as clients send them.
	open  [8]scope
	names [32][]byte
}

// maxKept bounds what the pool keeps of one large request: a body of the default
// limit, and the answer to it.
const maxKept = 2 * DefaultMaxBodyBytes

var buffers = sync.Pool{New: func() any { return &buffer{bytes: make([]byte, 0, 2<<10)} }}

func takeBuffer() *buffer { return buffers.Get().(*buffer) }

// giveBack ends the use of b. It is not deferred: whatever still holds b after a
// panic keeps it.
func (b *buffer) giveBack() {
	if cap(b.bytes) <= maxKept {
		buffers.Put(b)
	}
}
