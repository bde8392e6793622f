package httphandler_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// exchangesFile is "", or a file to which these tests add each request of theirs and its
// answer, a line of JSON each. The module openapitest holds the OpenAPI document against them.
var exchangesFile = os.Getenv("USERRECORD_EXCHANGES")

// An exchange is a request and its answer.
type exchange struct {
	Test         string
	Open         bool // the endpoint lets everybody in and has the default options
	Method, Path string
	Header       http.Header
	Body         []byte
	Status       int
	AnswerHeader http.Header
	Answer       []byte
}

// serve serves the request, and adds the exchange to the file, if there is one.
func (e endpoint) serve(t testing.TB, w *httptest.ResponseRecorder, r *http.Request) {
	t.Helper()
	if exchangesFile == "" {
		e.ServeHTTP(w, r)
		return
	}
	one := exchange{Test: t.Name(), Open: e.open, Method: r.Method, Path: r.URL.EscapedPath(), Header: r.Header.Clone()}
	if r.Body != nil {
		one.Body, _ = io.ReadAll(r.Body) // a body that fails is not of interest here
		r.Body = io.NopCloser(bytes.NewReader(one.Body))
	}
	e.ServeHTTP(w, r)
	one.Status, one.AnswerHeader, one.Answer = w.Code, w.Result().Header, w.Body.Bytes()
	line, err := json.Marshal(one)
	require.NoError(t, err)
	file, err := os.OpenFile(exchangesFile, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	require.NoError(t, err)
	defer file.Close()
	_, err = file.Write(append(line, '\n')) // at once: tests run in parallel
	require.NoError(t, err)
}
