package httphandler

import (
	"io"
	"net/http"
	"strings"
)

// maxDrained is how much of a body is read and discarded: as much as net/http itself
// reads to keep a connection.
const maxDrained = 256 << 10

// finishBody restores the body of r and reads what is left of it, before an answer
// is written. If a connection is closed while bytes are unread, the client gets a
// reset and may lose the answer (RFC 9112, section 9.6); a proxy makes a 502 of it.
// net/http reads the rest itself, but not if the connection is to be closed, as
// with HTTP/1.0.
func (h *handler) finishBody(x *exchange, r *http.Request) {
	b := &x.body
	if b.ReadCloser == nil {
		return
	}
	r.Body = b.ReadCloser
	overHTTP1 := r.ProtoMajor == 1 // HTTP/2 closes only the stream, after the answer
	if overHTTP1 && !b.ended && b.failed == nil && !expectsContinue(r) && r.ContentLength <= maxDrained {
		h.drain(b, r)
	}
	if b.ended {
		return
	}
	setReadDeadline(b.w, moment(clock()+b.limit)) // net/http may read on
	if overHTTP1 {
		closeGently(b.w)
	}
}

// expectsContinue reports whether the client may wait for a 100 (Continue) before it
// sends the body; the first Read sends it (RFC 9110, section 10.1.1).
func expectsContinue(r *http.Request) bool {
	return r.ProtoAtLeast(1, 1) && r.Header.Get("Expect") != ""
}

// drain reads and discards the body, up to maxDrained. An error or panic of the body
// ends it and does not change the answer.
func (h *handler) drain(b *timedBody, r *http.Request) {
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler {
				panic(v)
			}
			h.logFailure(r.Context(), "", panicked(v))
		}
	}()
	_, _ = io.CopyN(io.Discard, b, maxDrained)
}

// closeGently makes net/http close the connection in two steps, so that the client
// has time to read the answer. net/http does so after a body that is too long for a
// MaxBytesReader, so we let it read such a body.
func closeGently(w http.ResponseWriter) {
	for {
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			break
		}
		w = wrapper.Unwrap()
	}
	tooLong := io.NopCloser(strings.NewReader("x"))
	_, _ = http.MaxBytesReader(w, tooLong, 0).Read(make([]byte, 1))
}
