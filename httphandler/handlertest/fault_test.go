package handlertest_test

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// An effect is what a fault does to a patch that is right.
type effect struct {
	Error      string // instead of an answer
	Status     string
	RetryAfter string
	Body       string // "record", "errors", "garbled", "cut" or the text itself
	BodyError  string
	Length     bool // the Content-Length is known
	FirstName  string
	CallStatus int
}

var undamaged = effect{Status: "200 OK", Body: "record", FirstName: "Joan", CallStatus: 200, Length: true}

// faultEffects has every fault that answers by itself or breaks the connection.
var faultEffects = map[string]struct {
	fault handlertest.Fault
	want  effect
}{
	"none":            {handlertest.Fault{}, undamaged},
	"delay":           {handlertest.Delay(time.Millisecond), undamaged},
	"unauthenticated": {handlertest.Unauthenticated, effect{Status: "401 Unauthorized", Body: "errors", FirstName: "John", CallStatus: 401, Length: true}},
	"fails before":    {handlertest.FailBeforeWrite, effect{Status: "501 Not Implemented", Body: "errors", FirstName: "John", CallStatus: 501, Length: true}},
	"fails after":     {handlertest.FailAfterWrite, effect{Status: "501 Not Implemented", Body: "errors", FirstName: "Joan", CallStatus: 501, Length: true}},
	"429": {
		handlertest.Status(http.StatusTooManyRequests, http.Header{"Retry-After": {"7"}}),
		effect{Status: "429 Too Many Requests", RetryAfter: "7", Body: "429 Too Many Requests\n", FirstName: "John", CallStatus: 429, Length: true},
	},
	"503":          {handlertest.Status(503, nil), effect{Status: "503 Service Unavailable", Body: "503 Service Unavailable\n", FirstName: "John", CallStatus: 503, Length: true}},
	"204":          {handlertest.Status(204, nil), effect{Status: "204 No Content", FirstName: "John", CallStatus: 204, Length: true}},
	"503, delayed": {handlertest.Status(503, nil).Delayed(time.Millisecond), effect{Status: "503 Service Unavailable", Body: "503 Service Unavailable\n", FirstName: "John", CallStatus: 503, Length: true}},
	"a handler": {
		handlertest.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			w.Header().Set("Retry-After", "9")
			fmt.Fprint(w, len(body), err)
		})),
		effect{Status: "200 OK", RetryAfter: "9", Body: fmt.Sprint(len(doorBody), " <nil>"), FirstName: "John", CallStatus: 200, Length: true},
	},
	"a handler that panics": {
		handlertest.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })),
		effect{Error: "EOF", FirstName: "John"},
	},
	"reset":   {handlertest.ResetConnection, effect{Error: "read tcp _->_: read: connection reset by peer", FirstName: "John"}},
	"lost":    {handlertest.LoseAnswer, effect{Error: "EOF", FirstName: "Joan"}},
	"cut":     {handlertest.CutBody, effect{Status: "200 OK", Body: "cut", BodyError: "unexpected EOF", FirstName: "Joan", CallStatus: 200, Length: true}},
	"garbled": {handlertest.GarbleBody, effect{Status: "200 OK", Body: "garbled", FirstName: "Joan", CallStatus: 200, Length: true}},
	"slow":    {handlertest.SlowBody(10 * time.Millisecond), undamaged},
}

func TestEffectOfEachFault(t *testing.T) {
	for name, test := range faultEffects {
		t.Run(name, func(t *testing.T) {
			server, f := handlertest.NewServer(t), handlertest.New()
			transport := new(http.Transport)
			defer transport.CloseIdleConnections()
			server.Inject(test.fault)
			f.Inject(test.fault)
			if diff := cmp.Diff(test.want, effectOn(observe(t, transport, server.Fake, server.URL, unchanged))); diff != "" {
				t.Errorf("over a connection (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, effectOn(observe(t, f, f, "http://users.test", unchanged))); diff != "" {
				t.Errorf("without a port (-want +got):\n%s", diff)
			}
		})
	}
}

func unchanged(*http.Request) {}

func effectOn(o observed) effect {
	e := effect{
		Error: o.Error, Status: o.Status, RetryAfter: o.Header.Get("Retry-After"), Body: o.Body, BodyError: o.BodyError,
		Length: o.ContentLength >= 0 && o.Status != "", FirstName: o.FirstName,
	}
	if len(o.Calls) == 1 {
		e.CallStatus = o.Calls[0].Status
	}
	switch {
	case strings.HasPrefix(o.Body, `{"data":`) && json.Valid([]byte(o.Body)):
		e.Body = "record"
	case strings.HasPrefix(o.Body, `{"errors":`):
		e.Body = "errors"
	case o.Body != "" && !utf8.ValidString(o.Body) && int64(len(o.Body)) == o.ContentLength:
		e.Body = "garbled"
	case o.Body != "" && int64(len(o.Body)) == o.ContentLength/2:
		e.Body = "cut"
	}
	return e
}

// For a user that does not exist there is no write to fail after.
func TestFailAfterWriteNeedsAWrite(t *testing.T) {
	f := handlertest.New(userstore.User{ID: uuid.New()})
	f.Inject(handlertest.FailAfterWrite)
	send(t, f, patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
	if calls := f.Calls(); calls[0].Status != http.StatusNotFound {
		t.Errorf("calls %v, want 404", calls)
	}
}

// A host may have mounted the fake behind TLS or HTTP/2.
func TestBrokenConnectionsBehindTLS(t *testing.T) {
	for _, overHTTP2 := range []bool{false, true} {
		f := handlertest.New()
		server := httptest.NewUnstartedServer(f)
		server.EnableHTTP2 = overHTTP2
		server.StartTLS()
		defer server.Close()
		transport := &http.Transport{TLSClientConfig: server.Client().Transport.(*http.Transport).TLSClientConfig, ForceAttemptHTTP2: overHTTP2}
		if !overHTTP2 {
			transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
		}
		defer transport.CloseIdleConnections()
		for _, fault := range []handlertest.Fault{handlertest.ResetConnection, handlertest.LoseAnswer} {
			f.Inject(fault)
			response, err := transport.RoundTrip(patch(t.Context(), server.URL, handlertest.Token, "Joan"))
			if err == nil {
				response.Body.Close()
				t.Errorf("%v, HTTP/2 %v: answered with %s", fault, overHTTP2, response.Status)
			}
			if fmt.Sprint(fault) == "reset-connection" && !overHTTP2 && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%v: error %v, want a reset", fault, err)
			}
		}
	}
}

// The faults of several kinds, and for whom each is.
func TestWhichFaultIsNext(t *testing.T) {
	other := userstore.User{ID: uuid.New()}
	f := handlertest.New(userstore.ExampleUser(), other)
	status := func(n int) handlertest.Fault { return handlertest.Status(n, nil) }
	f.Inject(status(500).Always(), status(501).For(other.ID), status(502).Times(2))
	f.Inject(status(503).For(exampleID))
	f.Inject(status(504).For(exampleID).Always()) // instead of the first
	var got []int
	for _, id := range []uuid.UUID{exampleID, exampleID, exampleID, exampleID, other.ID, other.ID} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, "http://users.test/users/"+id.String(), nil)
		require.NoError(t, err)
		response, err := f.RoundTrip(r)
		require.NoError(t, err)
		response.Body.Close()
		got = append(got, response.StatusCode)
	}
	if diff := cmp.Diff([]int{502, 502, 503, 504, 501, 500}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// A fault for a user is for the requests that the handler takes for it, and for no others.
func TestFaultForAUser(t *testing.T) {
	for path, id := range map[string]uuid.UUID{
		handlertest.ExampleID:                  exampleID,
		strings.ToUpper(handlertest.ExampleID): exampleID,
		"%63" + handlertest.ExampleID[1:]:      exampleID,
		uuid.Nil.String():                      uuid.Nil,
	} {
		f := handlertest.New()
		mux := http.NewServeMux()
		mux.Handle("/users/{userId}", f)
		mux.Handle("/mounted/users/{userId}/{rest...}", f)
		for _, p := range []string{"/users/" + path, "/mounted/users/" + path + "/"} {
			f.Inject(handlertest.Status(503, nil).For(uuid.Max))
			f.Inject(handlertest.Status(504, nil).For(id))
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest(http.MethodPatch, p, nil))
			if w.Code != 504 {
				t.Errorf("%s: %d, want 504", p, w.Code)
			}
		}
	}
	for _, path := range []string{handlertest.ExampleID, "7", ""} {
		f := handlertest.New()
		f.Inject(handlertest.Status(503, nil).For(uuid.Nil))
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequest(http.MethodPatch, "/users/"+path, nil))
		if w.Code == 503 {
			t.Errorf("%s: the fault is for another user", path)
		}
	}
}

func TestUnused(t *testing.T) {
	f := handlertest.New()
	f.Inject(handlertest.Forbidden)
	f.Inject(handlertest.Status(503, nil).Times(3))
	f.Inject(handlertest.SlowBody(time.Second).Always())
	f.Inject(handlertest.Delay(time.Second).For(exampleID).Always()) // instead of that before
	for range 3 {
		response, err := f.RoundTrip(patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
		require.NoError(t, err)
		response.Body.Close()
	}
	if got, want := fmt.Sprint(f.Unused()), "[status 503 slow-body 1s, always delay 1s, for "+handlertest.ExampleID+", always]"; got != want {
		t.Errorf("unused %s, want %s", got, want)
	}
	f.ClearFaults()
	if got := f.Unused(); got != nil {
		t.Errorf("after they were cleared, %v are unused", got)
	}
	if got := do(t, &http.Client{Transport: f}, f, patch(t.Context(), "http://users.test", handlertest.Token, "Joan")); got.Status != 200 {
		t.Errorf("after they were cleared, the answer is %d", got.Status)
	}
}

// The case of a name does not matter, and several values stay several.
func TestHeaderOfAnAnswer(t *testing.T) {
	f := handlertest.New()
	warnings := []string{"1", "2"}
	f.Inject(handlertest.Status(503, http.Header{"content-type": {"text/html"}, "warning": warnings}))
	warnings[0] = "3"
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest(http.MethodPatch, "/users/7", nil))
	if diff := cmp.Diff(http.Header{"Content-Type": {"text/html"}, "Warning": {"1", "2"}}, w.Header()); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}

// A test is what NewServer knows of a test.
type test struct {
	*testing.T
	cleanup  []func()
	failures []string
}

func (t *test) Cleanup(f func()) { t.cleanup = append(t.cleanup, f) }
func (t *test) Errorf(format string, a ...any) {
	t.failures = append(t.failures, fmt.Sprintf(format, a...))
}

func (t *test) end() {
	for _, f := range t.cleanup {
		f()
	}
}

func TestServerFailsTheTestIfAFaultIsUnused(t *testing.T) {
	in := &test{T: t}
	server := handlertest.NewServer(in)
	server.Inject(handlertest.LoseAnswer.Times(2))
	server.Inject(handlertest.Delay(time.Second).Always())
	in.end()
	if diff := cmp.Diff([]string{"handlertest: faults were injected and not used: lose-answer, 2 times; delay 1s, always"}, in.failures); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if _, err := http.Get(server.URL); err == nil {
		t.Error("the server is still there after its test")
	}
}

func TestWrongFaultsPanic(t *testing.T) {
	for name, wrong := range map[string]func(){
		"status 199": func() { handlertest.Status(199, nil) },
		"status 600": func() { handlertest.Status(600, nil) },
		"no times":   func() { handlertest.Forbidden.Times(0) },

		"no name of a field":  func() { handlertest.Status(503, http.Header{"a b": {"1"}}) },
		"no value of a field": func() { handlertest.Status(503, http.Header{"A": {"1", "\n"}}) },
		"a field twice":       func() { handlertest.Status(503, http.Header{"Retry-After": {"1"}, "retry-after": {"2"}}) },
		"a length":            func() { handlertest.Status(503, http.Header{"Content-Length": {"3"}}) },
		"an encoding":         func() { handlertest.Status(503, http.Header{"transfer-encoding": {"chunked"}}) },
		"no handler":          func() { handlertest.Handler(nil) },
		"a negative time":     func() { handlertest.SlowBody(-1) },
		"a negative delay":    func() { handlertest.Delay(-1) },
		"a negative number":   func() { handlertest.Config{MaxCalls: -1}.New() },
		"a token twice": func() {
			handlertest.Config{Tokens: []handlertest.NamedToken{{"a", "x", 0}, {"b", "x", httphandler.GrantWrite}}}.New()
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			wrong()
		}()
	}
}
