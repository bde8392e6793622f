package httphandler_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

func TestMounts(t *testing.T) {
	const prefix = "/user/2025-1"
	tests := []struct {
		name  string
		mount func(http.Handler) http.Handler
		path  string // before the id
		after string
		want  int
	}{
		{"pattern", mux("/users/{userId}"), "/users/", "", 200},
		{"pattern for one method", mux("PATCH /users/{userId}"), "/users/", "", 200},
		{"prefix", mux(prefix + "/users/{userId}"), prefix + "/users/", "", 200},
		{"StripPrefix", func(h http.Handler) http.Handler { return http.StripPrefix(prefix, mux("/users/{userId}")(h)) }, prefix + "/users/", "", 200},
		{"StripPrefix of all but the id", func(h http.Handler) http.Handler { return http.StripPrefix("/users/", h) }, "/users/", "", 200},
		{"wildcard of another name", mux("/users/{id}"), "/users/", "", 200},
		{"id in the middle of the pattern", mux("/users/{userId}/record"), "/users/", "/record", 200},
		{"router without path values", func(h http.Handler) http.Handler { return h }, "/any/where/", "", 200},
		{"router without path values, trailing slash", func(h http.Handler) http.Handler { return h }, "/users/", "/", 404},
		{"router without path values, encoded slash", func(h http.Handler) http.Handler { return h }, "/users/x%2F", "", 404},
		{"router without path values, encoded dots", func(h http.Handler) http.Handler { return h }, "/users/..%2F", "", 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := tt.mount(httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), nil))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, noOp(tt.path+handlertest.ExampleID+tt.after))
			if w.Code != tt.want {
				t.Errorf("status %d, want %d; %s", w.Code, tt.want, w.Body)
			}
		})
	}
}

func mux(pattern string) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle(pattern, h)
		return mux
	}
}

// noOp returns a patch of the example user without attributes.
func noOp(path string) *http.Request {
	return patchRequest(path, "{}")
}

// patchRequest returns a patch of the example user.
func patchRequest(path, attributes string) *http.Request {
	body := `{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":` + attributes + `}}`
	r := httptest.NewRequest(http.MethodPatch, path, strings.NewReader(body))
	r.Header.Set("Content-Type", httphandler.MediaType)
	return r
}

func TestNewPanics(t *testing.T) {
	store, access := new(memstore.Store), httphandler.InsecureAllowEveryone()
	tests := map[string]func(){
		"no store":              func() { httphandler.New(nil, access, nil) },
		"no authenticate":       func() { httphandler.New(store, httphandler.Access{Authorize: access.Authorize}, nil) },
		"no authorize":          func() { httphandler.New(store, httphandler.Access{Authenticate: access.Authenticate}, nil) },
		"malformed token":       func() { httphandler.StaticTokens(map[string]httphandler.Grant{"": httphandler.GrantWrite}) },
		"unknown grant":         func() { httphandler.StaticTokens(map[string]httphandler.Grant{"x": 3}) },
		"negative body limit":   func() { httphandler.New(store, access, &httphandler.Options{MaxBodyBytes: -1}) },
		"negative body timeout": func() { httphandler.New(store, access, &httphandler.Options{BodyTimeout: -1}) },
	}
	for name, call := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if s, _ := recover().(string); !strings.HasPrefix(s, "httphandler: ") {
					t.Errorf("panic %q", s)
				}
			}()
			call()
		})
	}
}
