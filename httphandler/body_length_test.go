package httphandler_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A body from middleware may be shorter or longer than its Content-Length. The limit
// holds all the same.
func TestReplacedBody(t *testing.T) {
	const limit = 5000
	h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), &httphandler.Options{MaxBodyBytes: limit})
	for _, length := range []int64{-1, 0, 10, limit - 1, limit} {
		for _, tt := range []struct{ size, want int }{{len(jane), 200}, {limit - 1, 200}, {limit, 200}, {limit + 1, 422}, {10 * limit, 422}} {
			r := exampleRequest("")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(padded(jane, tt.size))), length
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.want || tt.want == 422 && !strings.Contains(w.Body.String(), "body-too-large") {
				t.Errorf("%d bytes, of which Content-Length says %d: %d %s", tt.size, length, w.Code, w.Body)
			}
		}
	}
}

// The connection is closed after a chunked body that is too large.
func TestTooLargeBodyEndsTheConnection(t *testing.T) {
	t.Parallel()
	h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), &httphandler.Options{MaxBodyBytes: 100})
	for _, tt := range []struct {
		size  int
		ended bool
	}{{100, false}, {101, true}} {
		conn := dial(t, h)
		body := padded(`{}`, tt.size)
		fmt.Fprintf(conn, "%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", head, len(body), body)
		response, text := answer(t, conn)
		if response.StatusCode != http.StatusUnprocessableEntity || response.Close != tt.ended {
			t.Errorf("%d bytes: %d %s, the connection ends: %t", tt.size, response.StatusCode, text, response.Close)
		}
	}
}
