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
	left    time.Duration // how much longer to wait for the client
	since   time.Duration // by clock: when startWaiting was called
	waiting bool
	empty   uint8 // successive Reads that returned nothing
	err     error // io.EOF or the error that ended the body
}

var errReadPanicked = errors.New("httphandler: the body panicked")

// maxEmptyReads is how many successive Reads may return nothing, as in package bufio.
// No deadline would end a body from middleware that does so forever.
const maxEmptyReads = 100

func (b *timedBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if b.waiting {
		return b.read(p)
	}
	b.startWaiting()
	n, err := b.read(p)
	b.stopWaiting()
	return n, err
}

func (b *timedBody) read(p []byte) (int, error) {
	b.err = errReadPanicked // in case Read panics
	n, err := b.ReadCloser.Read(p)
	if n > 0 || len(p) == 0 {
		b.empty = 0
	} else if b.empty++; b.empty >= maxEmptyReads && err == nil {
		err = io.ErrNoProgress
	}
	b.err = err
	return n, err
}

// startWaiting sets the read deadline, until stopWaiting. All Reads between the two
// share it, so nothing slow may happen between them.
func (b *timedBody) startWaiting() {
	b.waiting, b.since = true, clock()
	setReadDeadline(b.w, moment(b.since+b.left))
}

func (b *timedBody) stopWaiting() {
	b.waiting = false
	if b.err != io.EOF {
		b.left -= clock() - b.since
	}
	setReadDeadline(b.w, time.Time{})
}

// setReadDeadline does nothing if w does not support it: see Options.BodyTimeout.
func setReadDeadline(w http.ResponseWriter, t time.Time) {
	_ = http.NewResponseController(w).SetReadDeadline(t)
}
