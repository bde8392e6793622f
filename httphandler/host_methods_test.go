package httphandler_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
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

// Without credentials nothing is told of the path, and a malformed id is nobody's before
// anybody is asked who may.
func TestAdmitIsInOrder(t *testing.T) {
	type key struct{}
	errMay := errors.New("may not")
	const good, bad = "/users/c0daf39b-4df5-4241-9e7d-b1b85f829090", "/users/x"
	for _, tt := range []struct {
		name, path string
		ctx        context.Context
		who, may   error
		want       error
	}{
		{"everything", good, t.Context(), nil, nil, nil},
		{"nobody", bad, nil, httphandler.ErrNoCredentials, errMay, httphandler.ErrNoCredentials},
		{"no user", bad, t.Context(), nil, errMay, userstore.ErrNotFound},
		{"no right", good, t.Context(), nil, errMay, errMay},
	} {
		t.Run(tt.name, func(t *testing.T) {
			asked := uuid.Nil
			ctx, id, err := httphandler.Access{
				Authenticate: func(*http.Request) (context.Context, error) {
					if tt.ctx == nil {
						return nil, tt.who
					}
					return context.WithValue(tt.ctx, key{}, "caller"), tt.who
				},
				Authorize: func(ctx context.Context, id uuid.UUID) error {
					asked = id
					if ctx.Value(key{}) != "caller" {
						t.Error("Authorize does not get the caller")
					}
					return tt.may
				},
			}.Admit(httptest.NewRequest(http.MethodGet, tt.path, nil))
			if err != tt.want {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if err == nil && (id != asked || ctx.Value(key{}) != "caller") || err != nil && (id != uuid.Nil || ctx != nil) {
				t.Errorf("context %v, id %s", ctx, id)
			}
			if wantAsked := tt.path == good; (asked != uuid.Nil) != wantAsked {
				t.Errorf("Authorize was asked: %t, want %t", asked != uuid.Nil, wantAsked)
			}
		})
	}
	_, _, err := httphandler.Access{Authenticate: func(*http.Request) (context.Context, error) { return nil, nil }}.Admit(httptest.NewRequest(http.MethodGet, good, nil))
	if status := httphandler.StatusOf(err); err == nil || status != 501 {
		t.Errorf("no context and no error: %v, %d", err, status)
	}
}
