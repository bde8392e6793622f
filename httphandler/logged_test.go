package httphandler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A logLine is what an operator can search for. The caller is in the context.
type logLine struct {
	Caller, Code, Class, Header string
	Pointers                    []string
	UserID                      string `json:"user_id"`
}

// callerLog adds the caller in the context to each record, as a handler of trace ids does.
type callerLog struct{ slog.Handler }

func (h callerLog) Handle(ctx context.Context, r slog.Record) error {
	if caller, ok := ctx.Value(keyOf("caller")).(string); ok {
		r.AddAttrs(slog.String("caller", caller))
	}
	return h.Handler.Handle(ctx, r)
}

// logOf serves the request and returns the one line of the log.
func logOf(t *testing.T, store userstore.Store, r *http.Request, opts httphandler.Options) logLine {
	t.Helper()
	var log bytes.Buffer
	opts.Logger = slog.New(callerLog{slog.NewJSONHandler(&log, nil)})
	httphandler.New(store, callerAccess(), &opts).ServeHTTP(httptest.NewRecorder(), r)
	var line logLine
	require.NoErrorf(t, json.Unmarshal(log.Bytes(), &line), "log %q", log.String())
	return line
}

// The log says where the faults of a refused request are and whose record it was about,
// with the context of Authenticate. It has no name that the client has chosen.
func TestLoggedRefusals(t *testing.T) {
	const id = handlertest.ExampleID
	header := func(name, value string) func(r *http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	tests := []struct {
		name, body string
		edit       func(r *http.Request)
		want       logLine
	}{
		{"values", document(`{"gender":"x","address":{"country":"x","houseNo":-1},"zoneInfo":1}`), nil,
			logLine{"caller", "wrong-json-type", "", "", []string{"/data/attributes/address/houseNo", "/data/attributes/zoneInfo", "/data/attributes/gender", "/data/attributes/address/country"}, id}},
		{"unknown names", document(`{"a@example.org":1,"b":1,"address":{"c":1}}`), nil,
			logLine{"caller", "unknown-attribute", "", "", []string{"/data/attributes", "/data/attributes/address"}, id}},
		{"identity", `{"data":{"type":"x","id":"x"}}`, nil, logLine{"caller", "wrong-type", "", "", []string{"/data/type", "/data/id"}, id}},
		{"the whole document", `{}`, nil, logLine{"caller", "invalid-document", "", "", nil, id}},
		{"a header field", document(`{}`), header("If-Match", "x"), logLine{"caller", "unsupported-condition", "", "If-Match", nil, id}},
		{"not let through", document(`{}`), toUnknownUser, logLine{"caller", "forbidden", "", "", nil, ""}},
		{"not let in", document(`{}`), header("Authorization", "none"), logLine{"", "missing-credentials", "", "", nil, ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := exampleRequest(tt.body)
			if tt.edit != nil {
				tt.edit(r)
			}
			got := logOf(t, memstore.New(userstore.ExampleUser()), r, httphandler.Options{})
			if tt.name == "values" {
				tt.want.Code = got.Code // the first of several
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("log (-want +got):\n%s", d)
			}
		})
	}
}

// A forbidden attribute is named in the log, and failures and the hook's errors have the
// context and the user too.
func TestLoggedFailures(t *testing.T) {
	const id = handlertest.ExampleID
	user := func() userstore.Store { return memstore.New(userstore.ExampleUser()) }
	forbid := httphandler.Options{AuthorizePatch: func(context.Context, uuid.UUID, userstore.Attributes) error {
		return &httphandler.ForbiddenError{Pointers: []string{"/email"}}
	}}
	failHook := httphandler.Options{AfterCommit: func(context.Context, uuid.UUID, []string) error { return namedError{} }}
	panicHook := httphandler.Options{AfterCommit: func(context.Context, uuid.UUID, []string) error { panic(1) }}
	tests := []struct {
		name  string
		store userstore.Store
		opts  httphandler.Options
		want  logLine
	}{
		{"forbidden attribute", user(), forbid, logLine{"caller", "forbidden-attribute", "", "", []string{"/data/attributes/email"}, id}},
		{"failure", failingStore(namedError{}), httphandler.Options{}, logLine{"caller", "", "store", "", nil, id}},
		{"panic", panickingStore(1), httphandler.Options{}, logLine{"caller", "", "panic", "", nil, id}},
		{"panic after commit", user(), panicHook, logLine{"caller", "", "panic", "", nil, id}},
		{"after commit", user(), failHook, logLine{"caller", "", "after commit", "", nil, id}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := logOf(t, tt.store, exampleRequest(document(`{"email":"a@example.org"}`)), tt.opts)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("log (-want +got):\n%s", d)
			}
		})
	}
}

// A context of the host that has ended does not hide a failure: only the client's does.
func TestEndedContextOfTheHost(t *testing.T) {
	access := callerAccess()
	access.Authenticate = func(r *http.Request) (context.Context, error) {
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		return ctx, nil
	}
	store := storeFuncs{patch: func(ctx context.Context) (userstore.User, error) { return userstore.User{}, ctx.Err() }}
	var log bytes.Buffer
	h := httphandler.New(store, access, &httphandler.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	h.ServeHTTP(httptest.NewRecorder(), exampleRequest(document(`{}`)))
	h.ServeHTTP(httptest.NewRecorder(), exampleRequest(document(`{"gender":"x"}`)))
	for _, want := range []string{"class=store", "code=invalid-attribute"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log %q, want %s", log.String(), want)
		}
	}
}

// Each attribute and member of the address is logged by its own name.
func TestEveryAttributeIsLogged(t *testing.T) {
	names := func(of reflect.Type, before string) (found []string) {
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			found = append(found, before+name)
		}
		return found
	}
	all := append(names(reflect.TypeFor[userstore.Attributes](), "/"), names(reflect.TypeFor[userstore.Address](), "/address/")...)
	for _, p := range append(all, "/createdAt") {
		opts := httphandler.Options{Validate: func(context.Context, userstore.Attributes) error {
			return &userstore.InvalidError{Problems: []userstore.Problem{{Pointer: p, Reason: "is wrong"}}}
		}}
		got := logOf(t, memstore.New(userstore.ExampleUser()), exampleRequest(document(`{}`)), opts)
		if d := cmp.Diff([]string{"/data/attributes" + p}, got.Pointers); d != "" {
			t.Errorf("pointers (-want +got):\n%s", d)
		}
	}
}
