package httphandler

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A timedBody is a request body that limits how long its reader waits for the
// client. It sets the read deadline of the connection only during a Read, or a series of
// them: once the body has ended, perhaps in middleware, net/http reads in the
// background, and cancels the request's context if that read fails, as it would at a
// deadline.
type timedBody struct {
	io.ReadCloser
	w       http.ResponseWriter
	limit   time.Duration // how long to wait for the client or, while waiting, until when by clock
	failed  *error        // of an earlier Read, but for io.EOF
	ended   bool          // by io.EOF
	waiting bool
	empty   uint8 // successive Reads that returned nothing
}

var errReadPanicked = errors.New("httphandler: the body panicked")

// maxEmptyReads is how many successive Reads may return nothing, as in package bufio.
// No deadline would end a body from middleware that does so forever.
const maxEmptyReads = 100

func (b *timedBody) Read(p []byte) (int, error) {
	switch {
	case b.ended:
		return 0, io.EOF
	case b.failed != nil:
		return 0, *b.failed
	case b.waiting:
		return b.read(p)
	}
	b.startWaiting()
	n, err := b.read(p)
	b.stopWaiting()
	return n, err
}

func (b *timedBody) read(p []byte) (int, error) {
	b.failed = &errReadPanicked // in case it does
	n, err := b.ReadCloser.Read(p)
	b.failed = nil
	if n > 0 || len(p) == 0 {
		b.empty = 0
	} else if b.empty++; b.empty >= maxEmptyReads && err == nil {
		err = io.ErrNoProgress
	}
	switch err {
	case nil:
	case io.EOF:
		b.ended = true
	default:
		b.fail(err)
	}
	return n, err
}

func (b *timedBody) fail(err error) { b.failed = &err }

// startWaiting sets the read deadline, until stopWaiting. All Reads between the two
// share it, so nothing slow may happen between them.
func (b *timedBody) startWaiting() {
	b.waiting = true
	b.limit += clock()
	setReadDeadline(b.w, moment(b.limit))
}

func (b *timedBody) stopWaiting() {
	b.waiting = false
	if !b.ended { // or else nobody waits again
		b.limit -= clock()
	}
	setReadDeadline(b.w, time.Time{})
}

// setReadDeadline does nothing if w does not support it: see Options.BodyTimeout.
func setReadDeadline(w http.ResponseWriter, t time.Time) {
	_ = http.NewResponseController(w).SetReadDeadline(t)
}
