package handlertest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// No handler outlives its test, in which it may log.
func TestServerWaitsForItsHandlers(t *testing.T) {
	in := &test{T: t}
	server := handlertest.NewServer(in)
	begun := make(chan struct{})
	var ended atomic.Bool
	server.Inject(handlertest.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		time.Sleep(10 * time.Millisecond) // as slow as a handler may be
		ended.Store(true)
	})))
	go func() {
		response, err := http.DefaultClient.Do(patch(t.Context(), server.URL, handlertest.Token, "Joan"))
		if err == nil {
			response.Body.Close()
		}
	}()
	<-begun
	in.end()
	if !ended.Load() {
		t.Error("the test has ended before the handler")
	}
}

// Nor does the test wait for a handler that never ends: it could be waiting for the test.
func TestServerReportsAHandlerThatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &test{T: t}
		f := handlertest.New()
		release := make(chan struct{})
		f.Inject(handlertest.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release })))
		go f.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPatch, "/users/7", nil))
		synctest.Wait()
		f.ReportLeftOver(in)
		want := []string{"handlertest: after 5s, requests are still under way: 1. A Handler must return once the context of its request is done"}
		if diff := cmp.Diff(want, in.failures); diff != "" {
			t.Errorf("failures (-want +got):\n%s", diff)
		}
		close(release)
	})
}

// A handler ends with the test, although nobody has read the body to its end.
func TestServerEndsLargeUploads(t *testing.T) {
	in := &test{T: t}
	server := handlertest.NewServer(in)
	begun := make(chan struct{})
	server.Inject(handlertest.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
	})))
	go func() {
		r := patch(t.Context(), server.URL, handlertest.Token, "")
		setBody(r, io.LimitReader(letters{}, 9<<20), 9<<20)
		if response, err := http.DefaultClient.Do(r); err == nil {
			response.Body.Close()
		}
	}()
	<-begun
	in.end()
	if len(in.failures) > 0 {
		t.Errorf("failures %q", in.failures)
	}
}

// A body that ends too early is refused in the same way with a fault. A client that sent
// it may have gone, so that a delay ends without an answer.
func TestTruncatedBody(t *testing.T) {
	for want, fault := range map[int]handlertest.Fault{422: handlertest.CutBody, 0: handlertest.Delay(time.Hour)} {
		server := handlertest.NewServer(t)
		server.Inject(fault)
		conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		require.NoError(t, err)
		defer conn.Close()
		fmt.Fprintf(conn, "PATCH /users/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/vnd.api+json\r\nContent-Length: 50\r\n\r\n{\"data\":", handlertest.ExampleID, handlertest.Token)
		require.NoError(t, conn.(*net.TCPConn).CloseWrite())
		got := 0
		if response, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
			response.Body.Close()
			got = response.StatusCode
		}
		call := server.Calls()[0]
		if got != want || call.Status != want || string(call.Body) != `{"data":` {
			t.Errorf("%v: answer %d, call %v with body %s; want %d", fault, got, call, call.Body, want)
		}
	}
}

func TestWithoutAPortAnySchemeOfHTTPWillDo(t *testing.T) {
	f := handlertest.New()
	r := patch(t.Context(), "https://users.test", handlertest.Token, "Joan")
	response, err := f.RoundTrip(r)
	require.NoError(t, err)
	response.Body.Close()
	if response.StatusCode != 200 || response.Request != r || r.URL.Scheme != "https" || response.TLS != nil {
		t.Errorf("answer %s to %s", response.Status, response.Request.URL)
	}
}
