package httphandler

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A timedBody is the body of a request, and bounds how long its reader waits for
// the client. The read deadline of the connection is set while a Read lasts and
// at no other time: net/http reads in the background once it has met the end of
// the body, which something before us may have done, and ends the request's
// context when that read fails.
type timedBody struct {
	io.ReadCloser
	w     http.ResponseWriter
	left  time.Duration // of the client's time
	empty uint8         // Reads in a row that returned nothing
	err   error         // why nothing more is to be read: the end of the body, or an error
}

// limitBody replaces the body of r, if it has one, until finish.
func (h *handler) limitBody(w http.ResponseWriter, r *http.Request) *timedBody {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	b := &timedBody{ReadCloser: r.Body, w: w, left: h.opts.BodyTimeout}
	r.Body = b
	return b
}

var errReadPanicked = errors.New("httphandler: the body has panicked")

// maxEmptyReads is how many Reads in a row may return nothing, as in package
// bufio: what has replaced the body may do so for ever, which no deadline ends.
const maxEmptyReads = 100

func (b *timedBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	start := time.Now()
	setReadDeadline(b.w, start.Add(b.left))
	b.err = errReadPanicked // unless it returns
	n, err := b.ReadCloser.Read(p)
	b.left -= time.Since(start)
	setReadDeadline(b.w, time.Time{})
	if n > 0 || len(p) == 0 {
		b.empty = 0
	} else if b.empty++; b.empty >= maxEmptyReads && err == nil {
		err = io.ErrNoProgress
	}
	b.err = err
	return n, err
}

// setReadDeadline does nothing where w does not support it; Options says so.
func setReadDeadline(w http.ResponseWriter, t time.Time) {
	_ = http.NewResponseController(w).SetReadDeadline(t)
}
