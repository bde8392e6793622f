package httphandler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// storeFuncs is a Store made of two functions.
type storeFuncs struct {
	get   func() (userstore.User, error)
	patch func(context.Context) (userstore.User, error)
}

func (s storeFuncs) Get(context.Context, uuid.UUID) (userstore.User, error) { return s.get() }

func (s storeFuncs) Patch(ctx context.Context, _ uuid.UUID, _ userstore.Attributes) (userstore.User, error) {
	return s.patch(ctx)
}

func failingStore(err error) userstore.Store {
	return storeFuncs{
		get:   func() (userstore.User, error) { return userstore.User{}, err },
		patch: func(context.Context) (userstore.User, error) { return userstore.User{}, err },
	}
}

func panickingStore(v any) userstore.Store {
	return storeFuncs{patch: func(context.Context) (userstore.User, error) { panic(v) }}
}

type namedError struct{}

func (namedError) Error() string { return "secret text" }

// An internal failure of any step is answered with 501 and not cached. Of its cause, only
// class, type and stack are shown, in the log.
func TestInternalFailures(t *testing.T) {
	err := fmt.Errorf("wrapped: %w", namedError{})
	open := httphandler.InsecureAllowEveryone()
	store := memstore.New(userstore.ExampleUser())
	invalidUTF8 := userstore.ExampleUser()
	invalidUTF8.Attributes.FirstName = userstore.Value("\xff")
	const types = "*fmt.wrapError > httphandler_test.namedError"
	tests := []struct {
		name        string
		store       userstore.Store
		access      httphandler.Access
		opts        httphandler.Options
		class, typs string
		frame       string // in the stack
	}{
		{name: "store error", store: failingStore(err), access: open, class: "store", typs: types, frame: "httphandler.(*handler).patch"},
		{name: "store panic", store: panickingStore(err), access: open, class: "panic", typs: types, frame: "httphandler_test.storeFuncs.Patch"},
		{name: "store panic with a string", store: panickingStore("secret text"), access: open, class: "panic", typs: "string", frame: "httphandler_test.storeFuncs.Patch"},
		{name: "store returns invalid UTF-8", store: storeFuncs{patch: func(context.Context) (userstore.User, error) { return invalidUTF8, nil }}, access: open, class: "store", typs: "*httphandler.recordError", frame: "httphandler.userDocument"},
		{name: "authenticate", store: store, access: httphandler.Access{Authenticate: func(*http.Request) (context.Context, error) { return nil, err }, Authorize: open.Authorize}, class: "authenticate", typs: types},
		{name: "authenticate returns nothing", store: store, access: httphandler.Access{Authenticate: func(*http.Request) (context.Context, error) { return nil, nil }, Authorize: open.Authorize}, class: "authenticate", typs: "*errors.errorString"},
		{name: "several errors", store: failingStore(errors.Join(err, namedError{})), access: open, class: "store", typs: "*errors.joinError > (" + types + ", httphandler_test.namedError)"},
		{name: "authorize", store: store, access: httphandler.Access{Authenticate: open.Authenticate, Authorize: func(context.Context, uuid.UUID) error { return err }}, class: "authorize", typs: types},
		{name: "authorize says no credentials", store: store, access: httphandler.Access{Authenticate: open.Authenticate, Authorize: func(context.Context, uuid.UUID) error { return httphandler.ErrNoCredentials }}, class: "authorize", typs: "*errors.errorString"},
		{name: "authorize patch", store: store, access: open, opts: httphandler.Options{AuthorizePatch: func(context.Context, uuid.UUID, userstore.Attributes) error { return err }}, class: "authorize patch", typs: types},
		{name: "validate", store: store, access: open, opts: httphandler.Options{Validate: func(context.Context, userstore.Attributes) error { return err }}, class: "validate", typs: types},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			tt.opts.Logger = slog.New(slog.NewJSONHandler(&log, nil))
			w := httptest.NewRecorder()
			httphandler.New(tt.store, tt.access, &tt.opts).ServeHTTP(w, noOp("/users/"+handlertest.ExampleID))
			if w.Code != http.StatusNotImplemented || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("status %d, Cache-Control %q", w.Code, w.Header().Get("Cache-Control"))
			}
			var line struct {
				Level, Class, Type, Stack string
				ErrorID                   string `json:"error_id"`
			}
			if err := json.Unmarshal(log.Bytes(), &line); err != nil {
				t.Fatalf("log %s: %v", log.Bytes(), err)
			}
			if line.Level != "ERROR" || line.Class != tt.class || tt.typs != "" && line.Type != tt.typs || !strings.Contains(line.Stack, tt.frame) {
				t.Errorf("log line %+v; want class %q, type %q, stack with %q", line, tt.class, tt.typs, tt.frame)
			}
			if diff := cmp.Diff(line.ErrorID, errorID(t, w)); diff != "" || line.ErrorID == "" {
				t.Errorf("error id (-log +answer):\n%s", diff)
			}
			if s := log.String() + w.Body.String(); strings.Contains(s, "secret") || strings.Contains(w.Body.String(), "namedError") {
				t.Errorf("shown: %s", s)
			}
		})
	}
}

// errorID returns the id of the first error object.
func errorID(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var doc struct{ Errors []struct{ ID string } }
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || len(doc.Errors) == 0 {
		t.Fatalf("answer %s: %v", w.Body, err)
	}
	return doc.Errors[0].ID
}

// An error tells with LogValue what is safe to log.
func TestTellingError(t *testing.T) {
	var log bytes.Buffer
	h := httphandler.New(failingStore(fmt.Errorf("secret: %w", tellingError{})), httphandler.InsecureAllowEveryone(),
		&httphandler.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	h.ServeHTTP(httptest.NewRecorder(), noOp("/users/"+handlertest.ExampleID))
	if !strings.Contains(log.String(), `error="disk full"`) || strings.Contains(log.String(), "secret") {
		t.Errorf("log %s", log.String())
	}
}

type tellingError struct{ namedError }

func (tellingError) LogValue() slog.Value { return slog.StringValue("disk full") }

// No error of a host's Validate counts as success.
func TestValidateRefuses(t *testing.T) {
	tests := []struct {
		name string
		err  error
		body string
	}{
		{"a problem", &userstore.InvalidError{Problems: []userstore.Problem{{Pointer: "/gender", Reason: "élan fehlt"}}}, `"detail":"Élan fehlt.","source":{"pointer":"/data/attributes/gender"}`},
		{"no problem", &userstore.InvalidError{}, `"source":{"pointer":"/data/attributes"}`},
		{"no detail", fmt.Errorf("x: %w", userstore.ErrInvalid), `"source":{"pointer":"/data/attributes"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := memstore.New(userstore.ExampleUser())
			h := httphandler.New(store, httphandler.InsecureAllowEveryone(), &httphandler.Options{Validate: func(context.Context, userstore.Attributes) error { return tt.err }})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, patchRequest("/users/"+handlertest.ExampleID, `{"gender":"female"}`))
			if w.Code != 422 || !strings.Contains(w.Body.String(), tt.body) {
				t.Errorf("%d %s; want 422 with %s", w.Code, w.Body, tt.body)
			}
			if user, err := store.Get(t.Context(), uuid.MustParse(handlertest.ExampleID)); user != userstore.ExampleUser() || err != nil {
				t.Errorf("the record has changed, or %v", err)
			}
		})
	}
}

// A store may refuse a patch for a reason of its own.
func TestStoreRefuses(t *testing.T) {
	detailed := &userstore.InvalidError{Problems: []userstore.Problem{{Pointer: "/email", Reason: "must be unique"}}}
	tests := []struct {
		name string
		err  error
		want int
		body string
	}{
		{"with a problem", fmt.Errorf("x: %w", detailed), 422, `"detail":"Must be unique.","source":{"pointer":"/data/attributes/email"}`},
		{"without", fmt.Errorf("x: %w", userstore.ErrInvalid), 422, `"source":{"pointer":"/data/attributes"}`},
		{"with an empty list", &userstore.InvalidError{}, 422, `"source":{"pointer":"/data/attributes"}`},
		{"not found", fmt.Errorf("x: %w", userstore.ErrNotFound), 404, `"code":"user-not-found"`},
		{"what only access may say", httphandler.ErrForbidden, 501, `"code":"internal-error"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := httphandler.New(failingStore(tt.err), httphandler.InsecureAllowEveryone(), &httphandler.Options{Logger: slog.New(slog.DiscardHandler)})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, noOp("/users/"+handlertest.ExampleID))
			if w.Code != tt.want || !strings.Contains(w.Body.String(), tt.body) {
				t.Errorf("%d %s; want %d with %s", w.Code, w.Body, tt.want, tt.body)
			}
		})
	}
}

// Whatever happens while a failure is logged, the client gets its answer.
func TestLoggingFails(t *testing.T) {
	tests := map[string]struct {
		store  userstore.Store
		logger *slog.Logger
	}{
		"the logger panics":               {failingStore(namedError{}), slog.New(panickingLog{slog.DiscardHandler})},
		"the logger panics for a refusal": {failingStore(userstore.ErrNotFound), slog.New(panickingLog{slog.DiscardHandler})},
		"the error panics":                {panickingStore((*unwrapper)(nil)), slog.New(slog.NewTextHandler(io.Discard, nil))},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h := httphandler.New(tt.store, httphandler.InsecureAllowEveryone(), &httphandler.Options{Logger: tt.logger})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, noOp("/users/"+handlertest.ExampleID))
			if errorID(t, w) == "" {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

type panickingLog struct{ slog.Handler }

func (panickingLog) Enabled(context.Context, slog.Level) bool { panic("the logger") }

// unwrapper is an error whose methods panic for nil.
type unwrapper struct{ err error }

func (u *unwrapper) Error() string { return "" }
func (u *unwrapper) Unwrap() error { return u.err }

func TestAbortHandlerIsPassedOn(t *testing.T) {
	defer func() {
		if v := recover(); v != http.ErrAbortHandler {
			t.Errorf("recovered %v", v)
		}
	}()
	h := httphandler.New(panickingStore(http.ErrAbortHandler), httphandler.InsecureAllowEveryone(), nil)
	h.ServeHTTP(httptest.NewRecorder(), noOp("/users/"+handlertest.ExampleID))
	t.Error("no panic")
}

// The hook runs after the commit, with a context that outlives the request. Whatever it
// does, the answer is 200.
func TestAfterCommit(t *testing.T) {
	tests := []struct {
		name, attributes string
		end              func() error
		names            []string // nil: not called
		log              string
	}{
		{"names", `{"zoneInfo":"UTC","firstName":null,"address":{}}`, func() error { return nil }, []string{"firstName", "zoneInfo"}, ""},
		{"a member of the address", `{"firstName":"John","address":{"houseNo":"18"}}`, func() error { return nil }, []string{"address"}, ""},
		{"the same values", `{"firstName":"John","address":{"houseNo":18}}`, nil, nil, ""},
		{"error", `{"firstName":"Joan"}`, func() error { return errors.New("secret text") }, []string{"firstName"}, `class="after commit"`},
		{"panic", `{"firstName":"Joan"}`, func() error { panic("secret text") }, []string{"firstName"}, "class=panic"},
		{"no attribute", `{}`, nil, nil, ""},
		{"refused", `{"firstName":1}`, nil, nil, "code=wrong-json-type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := memstore.New(userstore.ExampleUser())
			var log bytes.Buffer
			var got []string
			ctx, cancel := context.WithCancel(context.WithValue(t.Context(), keyOf("caller"), "caller"))
			h := httphandler.New(cancelling{store, cancel}, httphandler.InsecureAllowEveryone(), &httphandler.Options{
				Logger: slog.New(slog.NewTextHandler(&log, nil)),
				AfterCommit: func(ctx context.Context, id uuid.UUID, names []string) error {
					got = names
					if ctx.Err() != nil || ctx.Value(keyOf("caller")) != "caller" || id.String() != handlertest.ExampleID {
						t.Errorf("hook got context %v (%v), id %v", ctx, ctx.Err(), id)
					}
					if user, err := store.Get(t.Context(), id); err != nil || user == userstore.ExampleUser() && tt.name != "names" {
						t.Error("the hook ran before the commit")
					}
					return tt.end()
				},
			})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, patchRequest("/users/"+handlertest.ExampleID, tt.attributes).WithContext(ctx))
			if want := tt.name == "refused"; (w.Code == 422) != want || (w.Code == 200) == want {
				t.Errorf("status %d", w.Code)
			}
			if diff := cmp.Diff(tt.names, got); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
			if !strings.Contains(log.String(), tt.log) || tt.log == "" && log.Len() > 0 || strings.Contains(log.String(), "secret") {
				t.Errorf("log %q, want %q", log.String(), tt.log)
			}
		})
	}
}

// With a Store that does not tell what changed, the names are those of the patch.
func TestAfterCommitOfAnyStore(t *testing.T) {
	var got []string
	h := httphandler.New(silent{memstore.New(userstore.ExampleUser())}, httphandler.InsecureAllowEveryone(), &httphandler.Options{
		AfterCommit: func(_ context.Context, _ uuid.UUID, names []string) error {
			got = names
			return nil
		},
	})
	h.ServeHTTP(httptest.NewRecorder(), patchRequest("/users/"+handlertest.ExampleID, `{"firstName":"John","address":{},"zoneInfo":"UTC"}`))
	if diff := cmp.Diff([]string{"firstName", "address", "zoneInfo"}, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// silent is a Store that does not tell what changed.
type silent struct{ userstore.Store }

func (s silent) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return s.Store.Patch(userstore.WithChange(ctx, nil), id, patch)
}

type keyOf string

// cancelling cancels the request once the patch is made, as when the client goes away.
type cancelling struct {
	*memstore.Store
	cancel context.CancelFunc
}

func (s cancelling) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	defer s.cancel()
	return s.Store.Patch(ctx, id, patch)
}
