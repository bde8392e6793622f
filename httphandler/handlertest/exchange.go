package handlertest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
)

// An exchange is a request and the answer to it.
type exchange struct {
	fake     *Fake
	call     Call
	recorded bool
	fault    Fault
	w        *statusRecorder
	r        *http.Request
	reset    <-chan struct{} // closed once the fake was reset: this request is none of its
}

type exchangeKey struct{}

// exchangeOf returns the exchange of a request with this context.
func exchangeOf(ctx context.Context) *exchange { return ctx.Value(exchangeKey{}).(*exchange) }

// begin begins an exchange and takes its fault.
func (f *Fake) begin(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{fake: f, call: newCall(r)}
	x.call.TokenName = f.tokenName(r)
	x.w = &statusRecorder{w, x}
	x.r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	if r.Body != nil && r.Body != http.NoBody {
		x.r.Body = &bodyRecorder{r.Body, &x.call}
	}
	id, err := httphandler.PathID(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running++
	x.reset, x.fault = f.reset, f.takeFault(uuid.NullUUID{UUID: id, Valid: err == nil})
	return x
}

// end ends the exchange. If it is not recorded, its handler has panicked.
func (x *exchange) end() {
	x.record(0)
	x.fake.mu.Lock()
	defer x.fake.mu.Unlock()
	x.fake.running--
	x.fake.notify()
}

// record records the call with the status of its answer, or 0 if there will be none. It
// comes before the client can see anything, so that the call is there once it has.
func (x *exchange) record(status int) {
	if x.recorded {
		return
	}
	x.recorded, x.call.Status = true, status
	f := x.fake
	f.mu.Lock()
	defer f.mu.Unlock()
	if x.stale() {
		return
	}
	f.keep(x.call)
	f.notify()
}

// stale reports whether the fake was reset since the request came.
func (x *exchange) stale() bool {
	select {
	case <-x.reset:
		return true
	default:
		return false
	}
}

// serve answers the request.
func (x *exchange) serve() {
	answer := behaviours[x.fault.name].answer
	if x.fault.delay > 0 || answer != nil {
		x.readBody()
	}
	x.wait(x.fault.delay)
	if answer != nil {
		answer(x)
	} else {
		x.fake.handler.ServeHTTP(x.w, x.r)
	}
	x.record(http.StatusOK) // as net/http answers for a handler that does not
}

// maxRead is how many bytes of a body are read before a fault.
const maxRead = 1 << 20

// readBody reads the body, up to maxRead bytes and no longer than the handler would. A
// server notices that its client has gone only once it has read the body, and a connection
// with unread bytes ends in a reset. The handler still finds the whole body.
func (x *exchange) readBody() {
	if x.r.Body == nil || x.r.Body == http.NoBody {
		return
	}
	rest := x.r.Body
	connection := http.NewResponseController(x.w)
	_ = connection.SetReadDeadline(time.Now().Add(x.fake.bodyTimeout))
	read, err := io.ReadAll(io.LimitReader(rest, maxRead))
	body := io.MultiReader(bytes.NewReader(read), rest)
	if err == nil {
		_ = connection.SetReadDeadline(time.Time{})
	} else { // net/http need not wait for the rest either
		body = io.MultiReader(bytes.NewReader(read), failedReader{err})
	}
	x.r.Body = struct {
		io.Reader
		io.Closer
	}{body, rest}
}

type failedReader struct{ err error }

func (r failedReader) Read([]byte) (int, error) { return 0, r.err }

// wait waits for d, even beyond the WriteTimeout of a server. If the client gives up
// meanwhile, or the fake is reset, there is no answer.
func (x *exchange) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Time{})
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.r.Context().Done():
		x.abort()
	case <-x.reset:
		x.abort()
	}
}

// abort breaks the connection, without waiting for the rest of the body.
func (x *exchange) abort() {
	x.record(0)
	_ = http.NewResponseController(x.w).SetReadDeadline(time.Now())
	panic(http.ErrAbortHandler)
}

// statusRecorder records the call as soon as the status of its answer is known.
type statusRecorder struct {
	http.ResponseWriter
	x *exchange
}

func (w *statusRecorder) WriteHeader(status int) {
	if status >= 200 { // others are interim answers
		w.x.record(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusRecorder) Write(p []byte) (int, error) {
	w.x.record(http.StatusOK)
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController work.
func (w *statusRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush makes it an http.Flusher, for handlers of a test.
func (w *statusRecorder) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Hijack makes it an http.Hijacker.
func (w *statusRecorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.x.record(0)
	return http.NewResponseController(w.ResponseWriter).Hijack()
}
