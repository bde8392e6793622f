package servertest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

type ownTransport struct{ http.RoundTripper }

// A client of the caller's gets a limit where it has none, and stays as it is.
func TestNewClient(t *testing.T) {
	unlimited, limited := &http.Transport{}, &http.Transport{MaxResponseHeaderBytes: 1 << 20}
	for name, tt := range map[string]struct {
		given *http.Client
		want  int64
	}{
		"none":      {nil, maxHeader},
		"default":   {&http.Client{}, maxHeader},
		"unlimited": {&http.Client{Transport: unlimited}, maxHeader},
		"limited":   {&http.Client{Transport: limited}, 1 << 20},
	} {
		transport, ok := newClient(&Target{Client: tt.given}).Transport.(*http.Transport)
		if !ok || transport.MaxResponseHeaderBytes != tt.want {
			t.Errorf("%s: %T, %+v", name, transport, transport)
		}
	}
	if unlimited.MaxResponseHeaderBytes != 0 {
		t.Error("the transport of the caller was changed")
	}
	own := &ownTransport{}
	if got := newClient(&Target{Client: &http.Client{Transport: own}}).Transport; got != own {
		t.Errorf("%T in place of the caller's", got)
	}
	if newClient(new(Target)).CheckRedirect == nil {
		t.Error("redirects are followed")
	}
}

// Each version of HTTP has the limits, with a client of the caller's too.
func TestLimitsOfAnswers(t *testing.T) {
	t.Parallel() // it waits
	interim := func(w http.ResponseWriter, n int) {
		for range n {
			w.WriteHeader(http.StatusEarlyHints)
		}
	}
	for name, tt := range map[string]struct {
		answer func(w http.ResponseWriter)
		want   string // in the failure; "" if there is none
	}{
		"interim responses":          {func(w http.ResponseWriter) { interim(w, maxInterim) }, ""},
		"too many interim responses": {func(w http.ResponseWriter) { interim(w, maxInterim+1) }, "more than 32 interim responses (1xx)"},
		"long header":                {func(w http.ResponseWriter) { w.Header().Set("X", strings.Repeat("x", 200<<10)) }, ""},
		"too long header":            {func(w http.ResponseWriter) { w.Header().Set("X", strings.Repeat("x", 300<<10)) }, "an answer to PATCH"},
		"long body":                  {func(w http.ResponseWriter) { _, _ = w.Write([]byte(strings.Repeat(" ", maxAnswer-1000))) }, ""},
		"too long body":              {func(w http.ResponseWriter) { _, _ = w.Write([]byte(strings.Repeat(" ", maxAnswer))) }, "the body is longer than 512 KiB"},
	} {
		for _, http2 := range []bool{false, true} {
			fake := handlertest.New()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				recorder := httptest.NewRecorder()
				fake.ServeHTTP(recorder, r)
				if r.Header.Get(requirementHeader) != setup.ID {
					tt.answer(w)
				}
				_, _ = w.Write(recorder.Body.Bytes()) // the client may have gone
			}))
			server.EnableHTTP2 = http2
			server.StartTLS()
			target := Target{URL: server.URL, User: userstore.ExampleUser().ID, Token: handlertest.Token, Client: server.Client()}
			report, err := Check(t.Context(), target, &conformance.Options{Run: []string{"success.status"}})
			server.Close()
			require.NoError(t, err)
			got := report.Results[0].Reason()
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("%s, HTTP/2 %v: %q, want %q", name, http2, got, tt.want)
			}
		}
	}
}
