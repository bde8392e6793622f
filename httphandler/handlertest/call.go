package handlertest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/userrecord/userrecord/httphandler"
)

// Call is a request that came to a [Fake]. Package fmt prints its method, path and
// status, and no personal value.
type Call struct {
	Time      time.Time // when it came
	Method    string
	Path      string      // escaped, as it was sent
	UserID    string      // the last segment of Path, escaped as well
	Header    http.Header // without Authorization
	TokenName string      // see NamedToken; "unknown" for any other token, "" if there was none
	Body      []byte      // as much of it as was read
	Status    int         // of the answer; 0 if the connection broke instead
}

// Format writes the method, the path and the status.
func (c Call) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "%s %s: %d", c.Method, c.Path, c.Status)
}

func newCall(r *http.Request) Call {
	path := r.URL.EscapedPath()
	c := Call{
		Time:   time.Now(),
		Method: r.Method,
		Path:   path,
		UserID: path[strings.LastIndexByte(path, '/')+1:],
		Header: r.Header.Clone(),
	}
	c.Header.Del("Authorization")
	return c
}

// unknownToken is the name of a token that is not accepted, or malformed.
const unknownToken = "unknown"

func (f *Fake) tokenName(r *http.Request) string {
	if len(r.Header["Authorization"]) == 0 {
		return ""
	}
	token, err := httphandler.BearerToken(r)
	if name, ok := f.names[token]; ok && err == nil {
		return name
	}
	return unknownToken
}

type bodyRecorder struct {
	io.ReadCloser
	call *Call
}

func (b *bodyRecorder) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.call.Body = append(b.call.Body, p[:n]...)
	return n, err
}

// Calls returns the requests that were answered, or whose connection was broken, since
// the start or the last [Fake.Reset], in that order. They are copies.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return cloneCalls(f.calls)
}

func cloneCalls(calls []Call) []Call {
	calls = slices.Clone(calls)
	for i, c := range calls {
		calls[i].Header, calls[i].Body = c.Header.Clone(), bytes.Clone(c.Body)
	}
	return calls
}

// WaitCalls waits until there were n calls, and returns [Fake.Calls]. If ctx is done
// earlier, it returns those that there are, and the error of ctx.
func (f *Fake) WaitCalls(ctx context.Context, n int) ([]Call, error) {
	calls, err := f.awaitCalls(ctx, n)
	return cloneCalls(calls), err
}

// awaitCalls is WaitCalls without copying the calls, which nothing changes.
func (f *Fake) awaitCalls(ctx context.Context, n int) ([]Call, error) {
	for {
		f.mu.Lock()
		calls, total, changed := slices.Clone(f.calls), f.total, f.changed
		f.mu.Unlock()
		if total >= n {
			return calls, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return calls, ctx.Err()
		}
	}
}

// ForgetCalls forgets the calls.
func (f *Fake) ForgetCalls() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forgetCalls()
}

func (f *Fake) forgetCalls() { f.calls, f.size, f.total = nil, 0, 0 }

// maxSize is how many bytes the calls have together, if their number is limited.
const maxSize = 16 << 20

// keep keeps the call, and forgets the earliest if there is too much. The caller holds
// f.mu.
func (f *Fake) keep(c Call) {
	f.total++
	f.calls = append(f.calls, c)
	f.size += c.size()
	if f.maxCalls == 0 {
		return
	}
	excess := 0
	for len(f.calls)-excess > f.maxCalls || f.size > maxSize && excess < len(f.calls)-1 {
		f.size -= f.calls[excess].size()
		excess++
	}
	f.calls = slices.Delete(f.calls, 0, excess)
}

// size returns about how many bytes the client has sent.
func (c Call) size() int {
	n := len(c.Path) + len(c.Body)
	for name, values := range c.Header {
		for _, value := range values {
			n += len(name) + len(value)
		}
	}
	return n
}

// notify wakes those who wait for a change. The caller holds f.mu.
func (f *Fake) notify() {
	close(f.changed)
	f.changed = make(chan struct{})
}
