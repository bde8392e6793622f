package httphandler

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A timedBody is a request body that limits how long its reader waits for the
// client. It sets the read deadline of the connection only during a Read: once the
// body has ended, perhaps in middleware, net/http reads in the background, and cancels
// the request's context if that read fails, as it would at a deadline.
type timedBody struct {
	io.ReadCloser
	w     http.ResponseWriter
	left  time.Duration // how much longer to wait for the client
	empty uint8         // successive Reads that returned nothing
	err   error         // io.EOF or the error that ended the body
}

// limitBody replaces the body of r, if it has one. finishBody restores it.
func (h *handler) limitBody(w http.ResponseWriter, r *http.Request) *timedBody {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	b := &timedBody{ReadCloser: r.Body, w: w, left: h.opts.BodyTimeout}
	r.Body = b
	return b
}

var errReadPanicked = errors.New("httphandler: the body panicked")

// maxEmptyReads is how many successive Reads may return nothing, as in package bufio.
// No deadline would end a body from middleware that does so forever.
const maxEmptyReads = 100

func (b *timedBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	start := time.Now()
	setReadDeadline(b.w, start.Add(b.left))
	b.err = errReadPanicked // in case Read panics
	n, err := b.ReadCloser.Read(p)
	if err != io.EOF {
		b.left -= time.Since(start)
	}
	setReadDeadline(b.w, time.Time{})
	if n > 0 || len(p) == 0 {
		b.empty = 0
	} else if b.empty++; b.empty >= maxEmptyReads && err == nil {
		err = io.ErrNoProgress
	}
	b.err = err
	return n, err
}

// setReadDeadline does nothing if w does not support it: see Options.BodyTimeout.
func setReadDeadline(w http.ResponseWriter, t time.Time) {
	_ = http.NewResponseController(w).SetReadDeadline(t)
}
