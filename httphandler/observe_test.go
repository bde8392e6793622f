package httphandler_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// callerAccess lets everybody in, as the caller "caller", but not to the second user.
func callerAccess() httphandler.Access {
	return httphandler.Access{
		Authenticate: func(r *http.Request) (context.Context, error) {
			if r.Header.Get("Authorization") == "none" {
				return nil, httphandler.ErrNoCredentials
			}
			return context.WithValue(r.Context(), keyOf("caller"), "caller"), nil
		},
		Authorize: func(_ context.Context, id uuid.UUID) error {
			if id.String() != handlertest.ExampleID {
				return httphandler.ErrForbidden
			}
			return nil
		},
	}
}

// Every answer is observed once, with the context of Authenticate once there is one.
func TestObserve(t *testing.T) {
	example := uuid.MustParse(handlertest.ExampleID)
	broken := failingStore(namedError{})
	tests := []struct {
		name   string
		store  userstore.Store // nil: one with the example user
		edit   func(r *http.Request)
		body   string
		want   httphandler.Outcome
		caller any
	}{
		{"success", nil, nil, document(`{"gender":"female"}`), httphandler.Outcome{Status: 200, UserID: example}, "caller"},
		{"no credentials", nil, func(r *http.Request) { r.Header.Set("Authorization", "none") }, "", httphandler.Outcome{Status: 401, Code: "missing-credentials"}, nil},
		{"another method", nil, func(r *http.Request) { r.Method = "GET" }, "", httphandler.Outcome{Status: 405, Code: "method-not-allowed"}, nil},
		{"no id", nil, func(r *http.Request) { r.URL.Path = "/users/me" }, "", httphandler.Outcome{Status: 404, Code: "user-not-found"}, "caller"},
		{"another user", nil, toUnknownUser, "", httphandler.Outcome{Status: 403, Code: "forbidden"}, "caller"},
		{"not acceptable", nil, func(r *http.Request) { r.Header.Set("Accept", "a/b") }, "", httphandler.Outcome{Status: 406, Code: "not-acceptable", UserID: example}, "caller"},
		{"invalid", nil, nil, document(`{"gender":"x"}`), httphandler.Outcome{Status: 422, Code: "invalid-attribute", UserID: example}, "caller"},
		{"failure", broken, nil, document(`{}`), httphandler.Outcome{Status: 501, Code: "internal-error", UserID: example}, "caller"},
		{"panic", panickingStore(1), nil, document(`{}`), httphandler.Outcome{Status: 501, Code: "internal-error", UserID: example}, "caller"},
		{"record that cannot be shown", storeFuncs{patch: func(context.Context) (userstore.User, error) { return userstore.User{}, nil }}, nil, document(`{}`), httphandler.Outcome{Status: 501, Code: "internal-error", UserID: example}, "caller"},
		{"the client has gone", nil, gone, document(`{}`), httphandler.Outcome{Status: 501, Code: "internal-error", UserID: example, ClientGone: true}, "caller"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []httphandler.Outcome
			var caller any
			w := httptest.NewRecorder()
			opts := &httphandler.Options{Logger: slog.New(slog.DiscardHandler), Observe: func(ctx context.Context, o httphandler.Outcome) {
				if w.Body.Len() == 0 {
					t.Error("observed before the answer")
				}
				got, caller = append(got, o), ctx.Value(keyOf("caller"))
			}}
			if tt.store == nil {
				tt.store = memstore.New(userstore.ExampleUser())
			}
			r := exampleRequest(tt.body)
			if tt.edit != nil {
				tt.edit(r)
			}
			httphandler.New(tt.store, callerAccess(), opts).ServeHTTP(w, r)
			if w.Code != 200 {
				tt.want.ErrorID = errorID(t, w)
			}
			if d := cmp.Diff([]httphandler.Outcome{tt.want}, got, cmpopts.IgnoreFields(httphandler.Outcome{}, "Duration")); d != "" || w.Code != tt.want.Status {
				t.Errorf("status %d, observed (-want +got):\n%s", w.Code, d)
			}
			if caller != tt.caller {
				t.Errorf("the context carries %v, want %v", caller, tt.caller)
			}
		})
	}
}

// gone cancels the context of the request.
func gone(r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	cancel()
	*r = *r.WithContext(ctx)
}

func TestObserveDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := storeFuncs{patch: func(context.Context) (userstore.User, error) {
			time.Sleep(3 * time.Second)
			return userstore.ExampleUser(), nil
		}}
		var got time.Duration
		h := httphandler.New(slow, callerAccess(), &httphandler.Options{Observe: func(_ context.Context, o httphandler.Outcome) { got = o.Duration }})
		h.ServeHTTP(httptest.NewRecorder(), exampleRequest(document(`{}`)))
		if got != 3*time.Second {
			t.Errorf("duration %v, want 3s", got)
		}
	})
}

// A panic of the hook is logged, and the client keeps its answer.
func TestObservePanics(t *testing.T) {
	for _, v := range []any{errors.New("secret text"), http.ErrAbortHandler} {
		var log bytes.Buffer
		opts := &httphandler.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Observe: func(context.Context, httphandler.Outcome) { panic(v) }}
		w := httptest.NewRecorder()
		httphandler.New(memstore.New(userstore.ExampleUser()), callerAccess(), opts).ServeHTTP(w, exampleRequest(document(`{}`)))
		if w.Code != 200 || !strings.Contains(log.String(), "class=panic") || strings.Contains(log.String(), "secret") {
			t.Errorf("status %d, log %s", w.Code, log.String())
		}
	}
}

// What is not answered is not observed.
func TestObserveWithoutAnswer(t *testing.T) {
	defer func() {
		if v := recover(); v != http.ErrAbortHandler {
			t.Errorf("recovered %v", v)
		}
	}()
	opts := &httphandler.Options{Observe: func(context.Context, httphandler.Outcome) { t.Error("observed") }}
	httphandler.New(panickingStore(http.ErrAbortHandler), callerAccess(), opts).ServeHTTP(httptest.NewRecorder(), exampleRequest(document(`{}`)))
}

// The rules of a host may depend on the caller.
func TestValidateGetsTheContext(t *testing.T) {
	var got any
	opts := &httphandler.Options{Validate: func(ctx context.Context, _ userstore.Attributes) error {
		got = ctx.Value(keyOf("caller"))
		return nil
	}}
	httphandler.New(memstore.New(userstore.ExampleUser()), callerAccess(), opts).ServeHTTP(httptest.NewRecorder(), exampleRequest(document(`{}`)))
	if got != "caller" {
		t.Errorf("the context carries %v", got)
	}
}
