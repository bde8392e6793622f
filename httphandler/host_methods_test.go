package httphandler_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/httphandler"
)

// named answers with its name in the field Handler.
func named(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Handler", name) })
}

func TestMethods(t *testing.T) {
	get, head, patch := named("get"), named("head"), named("patch")
	tests := []struct {
		name    string
		methods httphandler.Methods
		method  string
		want    string // the handler, or the field Allow of a 405
	}{
		{"one of them", httphandler.Methods{"GET": get, "PATCH": patch}, "PATCH", "patch"},
		{"another", httphandler.Methods{"GET": get, "PATCH": patch}, "GET", "get"},
		{"HEAD by GET", httphandler.Methods{"GET": get, "PATCH": patch}, "HEAD", "get"},
		{"HEAD of its own", httphandler.Methods{"GET": get, "HEAD": head}, "HEAD", "head"},
		{"a method that is missing", httphandler.Methods{"PATCH": patch, "GET": get}, "DELETE", "GET, HEAD, PATCH"},
		{"no OPTIONS", httphandler.Methods{"GET": get, "HEAD": head}, "OPTIONS", "GET, HEAD"},
		{"no GET, so no HEAD", httphandler.Methods{"PATCH": patch}, "HEAD", "PATCH"},
		{"nil is none", httphandler.Methods{"PATCH": patch, "GET": nil}, "GET", "PATCH"},
		{"case matters", httphandler.Methods{"PATCH": patch}, "patch", "PATCH"},
		{"nothing", nil, "GET", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			tt.methods.ServeHTTP(w, httptest.NewRequest(tt.method, "/users/x", nil))
			got := w.Header().Get("Handler")
			if w.Code == 405 {
				got = w.Header().Get("Allow")
				if body := w.Body.String(); !strings.Contains(body, `"code":"method-not-allowed"`) || !strings.Contains(body, tt.want+".") {
					t.Errorf("body %s", body)
				}
				if _, ok := w.Header()["Allow"]; !ok || w.Header().Get("Content-Type") != httphandler.MediaType {
					t.Errorf("header %v", w.Header())
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("status %d (-want +got):\n%s", w.Code, d)
			}
		})
	}
}
