package handlertest_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// send sends the request without a port and ignores the answer.
func send(t *testing.T, f *handlertest.Fake, r *http.Request) {
	t.Helper()
	response, err := f.RoundTrip(r)
	require.NoError(t, err)
	response.Body.Close()
}

func TestPatchOfACall(t *testing.T) {
	document := func(attributes string) string {
		return `{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":` + attributes + `}}`
	}
	joan := userstore.Attributes{FirstName: userstore.Value("Joan"), Gender: userstore.Null[string]()}
	for name, test := range map[string]struct {
		body, err string
		want      userstore.Attributes
	}{
		"a patch":           {document(`{"firstName":"Joan","gender":null}`), "", joan},
		"createdAt":         {document(`{"firstName":"Joan","gender":null,"createdAt":"2020-01-01T00:00:00Z"}`), "", joan},
		"unknown attribute": {document(`{"firstName":"Joan","gender":null,"x":1}`), "", joan},
		"a format":          {document(`{"gender":"robot"}`), "", userstore.Attributes{Gender: userstore.Value("robot")}},
		"long text":         {document(`{"firstName":"Joan","gender":null,"lastName":3}`), "wrong-json-type /data/attributes/lastName", joan},
		"no attributes":     {document(`{}`), "", userstore.Attributes{}},
		"another id":        {strings.ReplaceAll(document(`{"firstName":"Joan","gender":null}`), "c0da", "c0db"), "wrong-id /data/id", joan},
		"case of a name":    {document(`{"FirstName":"Joan"}`), "", userstore.Attributes{}},
		"two faults":        {`{"data":{"type":"Usr"}}`, "wrong-type /data/type, invalid-document /data", userstore.Attributes{}},
		"not JSON":          {`{"data":`, "malformed-json", userstore.Attributes{}},
		"no body":           {"", "malformed-json", userstore.Attributes{}},
	} {
		t.Run(name, func(t *testing.T) {
			f := handlertest.New()
			f.Inject(handlertest.Status(503, nil)) // whatever the answer was
			r := patch(t.Context(), "http://users.test", handlertest.Token, "")
			setBody(r, strings.NewReader(test.body), int64(len(test.body)))
			send(t, f, r)
			got, err := f.Calls()[0].Patch()
			text := ""
			if err != nil {
				text = strings.TrimPrefix(err.Error(), "handlertest: the request is refused: ")
			}
			if got != test.want || text != test.err {
				t.Errorf("the patch differs or the error is %q, want %q:\n%s", text, test.err, handlertest.Diff(test.want, got))
			}
		})
	}
	for _, path := range []string{"/users/7", "/users/" + handlertest.ExampleID + "/"} {
		_, err := handlertest.Call{Path: path, Body: []byte(doorBody)}.Patch()
		if want := "handlertest: the request is refused: user-not-found"; err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", path, err, want)
		}
	}
	if _, err := (handlertest.Call{}).Patch(); err == nil {
		t.Error("a call without a path has a patch")
	}
}

func TestTokenNames(t *testing.T) {
	const secret = "a-secret-token"
	f := handlertest.Config{Tokens: []handlertest.NamedToken{
		{"alice", secret, httphandler.GrantWrite},
		{"bob", "b", httphandler.GrantNone},
	}}.New()
	var got []string
	for _, field := range []string{"Bearer " + secret, "bearer  b", "Bearer " + handlertest.Token, "Bearer =", "Basic " + secret, ""} {
		r := patch(t.Context(), "http://users.test", "", "Joan")
		r.Header.Del("Authorization")
		if field != "" {
			r.Header.Set("Authorization", field)
		}
		send(t, f, r)
		calls := f.Calls()
		last := calls[len(calls)-1]
		got = append(got, fmt.Sprint(last.TokenName, " ", last.Status))
		if len(last.Header["Authorization"]) != 0 {
			t.Error("the token is in the header of the call")
		}
	}
	if diff := cmp.Diff([]string{"alice 200", "bob 403", "unknown 401", "unknown 401", "unknown 401", " 401"}, got); diff != "" {
		t.Errorf("names and statuses (-want +got):\n%s", diff)
	}
	if text := fmt.Sprintf("%+v", handlertest.Config{Tokens: []handlertest.NamedToken{{"alice", secret, httphandler.GrantWrite}}}); strings.Contains(text, secret) {
		t.Errorf("printed: %s", text)
	}
}

func TestWaitCalls(t *testing.T) {
	f := handlertest.New()
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan string)
	go func() {
		calls, err := f.WaitCalls(t.Context(), 2)
		got <- fmt.Sprint(len(calls), err)
		calls, err = f.WaitCalls(ctx, 3)
		got <- fmt.Sprint(len(calls), err)
	}()
	for range 2 {
		send(t, f, patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
	}
	if text := <-got; text != "2 <nil>" {
		t.Errorf("waiting for 2 calls returned %s", text)
	}
	cancel()
	if text := <-got; text != "2 context canceled" {
		t.Errorf("waiting in vain returned %s", text)
	}
}

// What a test does with its calls changes neither the record nor those of another.
func TestCallsAreCopies(t *testing.T) {
	f := handlertest.New()
	send(t, f, patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
	text := func(c handlertest.Call) string { return fmt.Sprintf("%v %s", c.Header, c.Body) }
	want := text(f.Calls()[0])
	var tests sync.WaitGroup
	for range 2 {
		tests.Go(func() {
			waited, err := f.WaitCalls(t.Context(), 1)
			if err != nil {
				t.Error(err)
				return
			}
			for _, call := range append(f.Calls(), waited...) {
				call.Header.Del("Content-Type")
				call.Body[0] = 'x'
				_ = append(call.Body, 'x')
			}
		})
	}
	tests.Wait()
	if diff := cmp.Diff(want, text(f.Calls()[0])); diff != "" {
		t.Errorf("header and body of the call (-want +got):\n%s", diff)
	}
}

func TestLatestCalls(t *testing.T) {
	f := handlertest.Config{MaxCalls: 2}.New()
	begin := time.Now()
	for _, name := range []string{"a", "b", "c"} {
		send(t, f, patch(t.Context(), "http://users.test", handlertest.Token, name))
	}
	var names []string
	for _, call := range f.Calls() {
		p, err := call.Patch()
		require.NoError(t, err)
		name, _ := p.FirstName.Get()
		names = append(names, name)
		if call.Time.Before(begin) || time.Since(call.Time) < 0 {
			t.Errorf("the call came at %v", call.Time)
		}
	}
	if diff := cmp.Diff([]string{"b", "c"}, names); diff != "" {
		t.Errorf("first names of the calls (-want +got):\n%s", diff)
	}
	calls, err := f.WaitCalls(t.Context(), 3)
	if err != nil || len(calls) != 2 {
		t.Errorf("waiting for all calls: %v, %v", calls, err)
	}
	if f.ForgetCalls(); len(f.Calls()) != 0 {
		t.Error("the calls were not forgotten")
	}
}

// However much is sent, what is kept of it has a limit.
func TestLatestCallsOfLargeBodies(t *testing.T) {
	const size, most = 1 << 20, 15 // with their paths, 16 are more than 16 MiB
	for _, where := range []string{"body", "header"} {
		f := handlertest.Config{MaxCalls: 1000}.New()
		f.Inject(handlertest.Status(503, nil).Always())
		for i := range most + 5 {
			r := httptest.NewRequest(http.MethodPatch, fmt.Sprint("/users/", i), nil)
			if where == "body" {
				setBody(r, io.LimitReader(letters{}, size), size)
			} else {
				r.Header.Set("X-Note", strings.Repeat("x", size))
			}
			f.ServeHTTP(httptest.NewRecorder(), r)
		}
		calls, err := f.WaitCalls(t.Context(), most+5)
		require.NoError(t, err)
		if len(calls) != most || calls[0].UserID != "5" || calls[most-1].UserID != "19" {
			t.Errorf("large %s: %d calls from %s on, want %d from 5 on", where, len(calls), calls[0].UserID, most)
		}
	}

	// One that is more than the limit is there, nevertheless, and so are all that have less.
	f := handlertest.Config{MaxCalls: 2}.New()
	f.Inject(handlertest.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	})).Always())
	for _, n := range []int64{1, 17 << 20, 1, 1} {
		f.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPatch, "/", io.LimitReader(letters{}, n)))
		calls := f.Calls()
		if got := len(calls[len(calls)-1].Body); int64(got) != n {
			t.Errorf("the latest body has %d bytes, want %d", got, n)
		}
	}
	if got := len(f.Calls()); got != 2 {
		t.Errorf("%d calls, want 2", got)
	}
}

// letters is an endless body.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestOptionsOfTheHandler(t *testing.T) {
	body := strings.Replace(doorBody, `"firstName"`, `"nickName":"x","firstName"`, 1)
	for _, ignore := range []bool{false, true} {
		f := handlertest.Config{Options: &httphandler.Options{IgnoreUnknownAttributes: ignore}}.New()
		r := patch(t.Context(), "http://users.test", handlertest.Token, "")
		setBody(r, strings.NewReader(body), int64(len(body)))
		send(t, f, r)
		if got, want := f.Calls()[0].Status, map[bool]int{false: 422, true: 200}[ignore]; got != want {
			t.Errorf("with IgnoreUnknownAttributes %v: %d, want %d", ignore, got, want)
		}
	}
}

// Nothing is logged unless the test asks for it.
func TestLoggerOfTheTest(t *testing.T) {
	var log strings.Builder
	f := handlertest.Config{Options: &httphandler.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}}.New()
	f.Inject(handlertest.Forbidden)
	send(t, f, patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
	if !strings.Contains(log.String(), "status=403") {
		t.Errorf("the log is %q", log.String())
	}
}

// The status of a call is what the client gets from a handler of a test.
func TestStatusOfHandlers(t *testing.T) {
	f := handlertest.New()
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    int
	}{
		"writes nothing":  {func(http.ResponseWriter, *http.Request) {}, 200},
		"only writes":     {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") }, 200},
		"sets the status": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }, 418},
		"panics":          {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0},
		"hijacks": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.Close()
			}
		}, 0},
	} {
		f.Inject(handlertest.Handler(test.handler))
		response, err := f.RoundTrip(patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
		if err == nil {
			response.Body.Close()
		}
		calls, waitErr := f.WaitCalls(t.Context(), 1)
		require.NoError(t, waitErr)
		if calls[0].Status != test.want || (err == nil) != (test.want != 0) {
			t.Errorf("%s: status %d, error %v; want %d", name, calls[0].Status, err, test.want)
		}
		f.ForgetCalls()
	}
}

// A handler of a test can send an interim answer and stream.
func TestHandlerOfATest(t *testing.T) {
	f := handlertest.New()
	release := make(chan struct{})
	f.Inject(handlertest.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusAccepted)
		w.(http.Flusher).Flush()
		<-release
	})))
	response, err := f.RoundTrip(patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
	require.NoError(t, err)
	calls := f.Calls() // it is there before the answer has ended
	close(release)
	response.Body.Close()
	if len(calls) != 1 || calls[0].Status != http.StatusAccepted {
		t.Errorf("calls %v, want one with 202", calls)
	}
}
