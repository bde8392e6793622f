package servertest_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// A server that refuses what it cannot parse may close the connection without having
// said so (Fastify does). What the run sends next, on that connection, is sent again.
func TestConnectionThatEndsUnannounced(t *testing.T) {
	fake, target := ourTarget()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			fake.ServeHTTP(w, r)
			return
		}
		io.Copy(io.Discard, r.Body)
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno")
		bufio.NewReader(buffered).ReadByte() // of the next request, which is never answered
	}))
	defer server.Close()
	target.URL = server.URL
	report, err := servertest.Check(t.Context(), target, &conformance.Options{Run: []string{"method.*"}})
	require.NoError(t, err)
	if report.Summary.Passed != 1 || report.Summary.Warned != 0 {
		t.Errorf("the verdict is %s, want method.unknown to pass: %+v", report.Verdict, report.Summary)
	}
}
