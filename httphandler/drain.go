package httphandler

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// maxDrained is how much of a body is read only to be thrown away: as much as
// net/http reads itself to keep a connection.
const maxDrained = 256 << 10

// finish gives r its own body back and reads what is left of it, before an answer
// is written. Where a connection ends with bytes that nobody has read, the client
// is sent a reset and may lose the answer (RFC 9112, section 9.6); a proxy makes a
// 502 of it. net/http reads them unless the client asks it to close the connection,
// as a client of HTTP/1.0 does.
func (h *handler) finish(b *timedBody, r *http.Request) {
	if b == nil {
		return
	}
	r.Body = b.ReadCloser
	overHTTP1 := r.ProtoMajor == 1 // HTTP/2 ends the one stream, after the answer
	if overHTTP1 && b.err == nil && !waitsToBeAsked(r) && r.ContentLength <= maxDrained {
		h.drain(b, r)
	}
	if b.err == io.EOF {
		return
	}
	setReadDeadline(b.w, time.Now().Add(b.left)) // net/http may read on
	if overHTTP1 {
		closeGently(b.w)
	}
}

// waitsToBeAsked reports whether the client may wait to be asked for the body, as
// the first Read does (RFC 9110, section 10.1.1).
func waitsToBeAsked(r *http.Request) bool {
	return r.ProtoAtLeast(1, 1) && r.Header.Get("Expect") != ""
}

// drain gives up at an error or a panic of the body: the answer stands.
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

// closeGently has net/http close the connection in two steps, so that the client
// has time to read the answer: that is what it does after a body that is too long
// for a MaxBytesReader.
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
