package httphandler

import (
	"errors"
	"io"
	"net/http/httptest"
	"testing"
	"time"
)

// A bodyFunc is a body whose Reads call it.
type bodyFunc func() (int, error)

func (f bodyFunc) Read([]byte) (int, error) { return f() }

// A body that has ended or failed is not read again: the error stays the same.
func TestBodyIsNotReadAfterItsError(t *testing.T) {
	failure := errors.New("failed")
	tests := map[error]bodyFunc{
		io.EOF:          func() (int, error) { return 1, io.EOF },
		failure:         func() (int, error) { return 1, failure },
		errReadPanicked: func() (int, error) { panic("read") },
	}
	for want, read := range tests {
		reads := 0
		body := timedBody{
			ReadCloser: io.NopCloser(bodyFunc(func() (int, error) { reads++; return read() })),
			w:          httptest.NewRecorder(), limit: time.Hour,
		}
		for range 3 {
			readRecovered(&body)
		}
		n, err := body.Read(make([]byte, 1))
		if n != 0 || err != want || reads != 1 {
			t.Errorf("%v: then Read = %d, %v, after %d Reads of the client", want, n, err, reads)
		}
	}
}

func readRecovered(body io.Reader) {
	defer func() { _ = recover() }()
	_, _ = body.Read(make([]byte, 1))
}
