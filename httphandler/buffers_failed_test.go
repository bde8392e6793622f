package httphandler_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A failingWriter fails a Write but keeps the bytes, like a wrapper that writes in its
// own goroutine.
type failingWriter struct {
	*httptest.ResponseRecorder
	held []byte
}

func (w *failingWriter) Write(p []byte) (int, error) {
	w.held = p
	return 0, errors.New("given up")
}

// A failingBody does the same in Read.
type failingBody struct{ held []byte }

func (b *failingBody) Close() error { return nil }

func (b *failingBody) Read(p []byte) (int, error) {
	b.held = p
	return 0, errors.New("given up")
}

// A buffer that a failed call may still use is not reused.
func TestFailedCallsKeepTheirBuffer(t *testing.T) {
	h := httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), nil)
	patch := func(w http.ResponseWriter, attributes string) {
		h.ServeHTTP(w, requestWith(strings.NewReader(document(attributes))))
	}
	for range 20 { // the pool may drop one
		w := &failingWriter{ResponseRecorder: httptest.NewRecorder()}
		patch(w, `{"firstName":"Ada"}`)
		before := bytes.Clone(w.held)
		body := new(failingBody)
		h.ServeHTTP(httptest.NewRecorder(), requestWith(body))
		recorder := httptest.NewRecorder()
		recorder.Body = new(bytes.Buffer)
		clear(body.held[:cap(body.held)])
		patch(recorder, `{"firstName":"Grace"}`)
		if !bytes.Equal(before, w.held) || len(before) == 0 {
			t.Fatal("the answer that was given up has become another")
		}
		if bytes.ContainsRune(body.held[:cap(body.held)], 'G') {
			t.Fatal("the body that was given up has become another")
		}
	}
}

func requestWith(body io.Reader) *http.Request {
	r := httptest.NewRequest(http.MethodPatch, "/users/"+handlertest.ExampleID, body)
	r.Header.Set("Content-Type", httphandler.MediaType)
	r.Header.Set("Accept", httphandler.MediaType)
	return r
}
