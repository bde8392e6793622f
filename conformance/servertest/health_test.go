package servertest

import (
	"net/http"
	"testing"

	"github.com/userrecord/userrecord/conformance"
)

// A 501 to another method is right, and not where a server began to fail.
func TestWatchOtherMethods(t *testing.T) {
	s := newSession(t.Context(), Target{URL: "http://127.0.0.1:1"}, conformance.Options{})
	tr := newTrial(s, setup)
	for _, tt := range []struct {
		method string
		status int
		want   string
	}{
		{http.MethodPatch, 200, ""},
		{"FROB", 501, ""},
		{http.MethodPatch, 401, ""},
		{http.MethodPatch, 500, "PATCH /u (setup): 500 Internal Server Error"},
		{http.MethodPatch, 401, "PATCH /u (setup): 500 Internal Server Error"},
	} {
		s.watch(tr, &message{method: tt.method, url: "/u"}, &answer{status: tt.status}, nil)
		if got := s.health.suspect; got != tt.want {
			t.Errorf("after %s %d: %q, want %q", tt.method, tt.status, got, tt.want)
		}
	}
	if got, want := s.health.sound, "PATCH /u (setup): 200 OK"; got != want {
		t.Errorf("the last that succeeded: %q, want %q", got, want)
	}
}
