package httphandler_test

import (
	"io"
	"strings"
	"testing"
)

// An emptyReads is a body whose Read returns 0 and nil this often before each byte, as in
// broken middleware. Without bytes it never ends.
type emptyReads struct {
	*strings.Reader
	each, left int
}

func (r *emptyReads) Read(p []byte) (int, error) {
	if r.Len() == 0 && r.Size() > 0 {
		return 0, io.EOF
	}
	if r.left > 0 || r.Size() == 0 {
		r.left--
		return 0, nil
	}
	r.left = r.each
	return r.Reader.Read(p[:1])
}

// A body whose Read returns nothing 100 times in a row is given up, as in package bufio.
// One that only stutters is read.
func TestEmptyReads(t *testing.T) {
	good := document(`{"firstName":"Jane"}`)
	tests := []struct {
		name   string
		body   *emptyReads
		status int
	}{
		{"for ever", &emptyReads{strings.NewReader(""), 0, 0}, 422},
		{"99 times before each byte", &emptyReads{strings.NewReader(good), 99, 99}, 200},
		{"100 times before the first byte", &emptyReads{strings.NewReader(good), 0, 100}, 422},
	}
	for _, tt := range tests {
		for _, length := range []int64{int64(len(good)), -1} {
			t.Run(tt.name, func(t *testing.T) {
				body := *tt.body
				body.Reader = strings.NewReader(good[:body.Size()])
				r := exampleRequest("")
				r.Body, r.ContentLength = io.NopCloser(&body), length
				got := openEndpoint().send(t, r)
				if got.status != tt.status || got.status == 422 && got.codes()[0] != "body-unreadable" {
					t.Errorf("status %d, %v; want %d", got.status, got.codes(), tt.status)
				}
			})
		}
	}
}
