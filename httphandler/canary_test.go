package httphandler_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// canaries are values that occur nowhere except where these tests put them. The word
// canary is not one, because it is in file and function names, which a stack shows.
var canaries = []string{
	"kanari-first", "kanari-last", "kanari.mail", "7093582146", "kanari.example", "kanari-gender", "1931-03-17", "-x-kanari", "Antarctica/Troll",
	"kanari-country", "kanari-locality", "kanari-street", "kanari-house", "kanari-link", "kanari-region", "7419582036417",
	"kanari-token", "kanari-body", "kanari-path", "kanari-query", "kanari-field",
}

// leaks returns the canaries in a text: verbatim, in another case, in hexadecimal or as
// a list of bytes.
func leaks(text string) (found []string) {
	text = strings.ToLower(text)
	for _, c := range canaries {
		c = strings.ToLower(c)
		forms := []string{c, hex.EncodeToString([]byte(c)), fmt.Sprintf("% x", c), strings.Trim(fmt.Sprint([]byte(c)), "[]")}
		if slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) }) {
			found = append(found, c)
		}
	}
	return found
}

func wantNoLeak(t *testing.T, where, text string) {
	t.Helper()
	if found := leaks(text); found != nil {
		t.Errorf("%s holds %q: %.2000s", where, found, text)
	}
}

// canaryJSON are attributes with valid values, all of them canaries except gender and
// country, which have no room for one.
const canaryJSON = `"firstName":"kanari-first","lastName":"kanari-last","email":"kanari.mail@example.org","phoneNumber":"+49 7093582146",` +
	`"pictureUrl":"https://kanari.example/p","gender":"female","birthDate":"1931-03-17","locale":"de-x-kanari","zoneInfo":"Antarctica/Troll",` +
	`"address":{"country":"AQ","locality":"kanari-locality","street":"kanari-street","houseNo":"kanari-house","additionalAddressLink":"kanari-link","region":"kanari-region","postalCode":7419582036417}`

// canaryUser has the attributes of canaryJSON.
func canaryUser(t *testing.T) userstore.User {
	t.Helper()
	e := openEndpoint()
	if got := e.patch(t, "{"+canaryJSON+"}"); got.status != 200 {
		t.Fatalf("status %d, %v", got.status, got.places())
	}
	return e.exampleUser(t)
}

// badValues are attributes that are all refused.
const badValues = `{"firstName":"kanari-first\u0000","lastName":["kanari-last"],"email":"kanari.mail","phoneNumber":"x7093582146","pictureUrl":"kanari.example",` +
	`"gender":"kanari-gender","birthDate":"1931-03-17x","createdAt":"kanari-body","locale":"!-x-kanari","zoneInfo":"Antarctica/Troll2","nope":"kanari-body",` +
	`"address":{"country":"kanari-country","locality":{"a":"kanari-locality"},"street":"\tkanari-street","houseNo":-7419582036417,"region":7419582036417,"postalCode":74195820364170.5,"nope":"kanari-body"}}`

// A secretError has all canaries in its text.
type secretError struct{ Values []string }

func (e secretError) Error() string { return strings.Join(e.Values, ", ") }

// A canaryCase is a request and how it fails, if it does.
type canaryCase struct {
	name    string
	status  int
	failure bool // something is logged as an error
	edit    func(r *http.Request)
	body    string
	store   userstore.Store // nil: one with the example user
	access  func(a *httphandler.Access)
	options func(o *httphandler.Options)
}

func canaryCases(t *testing.T) []canaryCase {
	good := document("{" + canaryJSON + "}")
	secret := secretError{canaries}
	all := secret.Error()
	field := func(name, value string) func(r *http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	cases := []canaryCase{
		{name: "success", status: 200, body: good},
		{name: "method", status: 405, edit: func(r *http.Request) { r.Method = "kanari-field" }, body: good},
		{name: "no token", status: 401, edit: func(r *http.Request) { r.Header.Del("Authorization") }, body: good},
		{name: "other scheme", status: 401, edit: field("Authorization", "Basic kanari-token"), body: good},
		{name: "unknown token", status: 401, edit: field("Authorization", "Bearer kanari-token-unknown"), body: good},
		{name: "malformed token", status: 401, edit: field("Authorization", "Bearer kanari-token x"), body: good},
		{name: "unlinked token", status: 401, edit: field("Authorization", "Bearer kanari-token-unlinked"), body: good},
		{name: "forbidden token", status: 403, edit: field("Authorization", "Bearer kanari-token-forbidden"), body: good},
		{name: "malformed id", status: 404, edit: func(r *http.Request) { r.URL.Path = "/users/kanari-path" }, body: good},
		{name: "unknown user", status: 404, edit: toUnknownUser},
		{name: "Accept", status: 406, edit: field("Accept", "text/kanari-field"), body: good},
		{name: "Content-Type", status: 415, edit: field("Content-Type", "text/kanari-field"), body: good},
		{name: "Content-Encoding", status: 415, edit: field("Content-Encoding", "kanari-field"), body: good},
		{name: "If-Match", status: 422, edit: field("If-Match", "kanari-field"), body: good},
		{name: "If-Unmodified-Since", status: 422, edit: field("If-Unmodified-Since", "kanari-field"), body: good},
		{name: "bad values", status: 422, body: document(badValues)},
		{name: "bad identity", status: 422, body: `{"data":{"type":"kanari-body","id":"kanari-body","attributes":"kanari-body","relationships":{"a":"kanari-body"}}}`},
		{name: "malformed", status: 422, body: good[:len(good)-1] + "kanari-body"},
		{name: "not JSON", status: 422, body: "kanari-body=" + all},
		{name: "string", status: 422, body: `"kanari-body"`},
		{name: "invalid UTF-8", status: 422, body: document(`{"firstName":"kanari-first` + "\xff" + `"}`)},
		{name: "duplicate", status: 422, body: document(`{"firstName":"kanari-first","firstName":"kanari-last"}`)},
		{name: "too long", status: 422, body: document(`{"firstName":"` + strings.Repeat("kanari-first", 1000) + `"}`)},
		{name: "too large", status: 422, body: good + strings.Repeat("kanari-body", 10000)},
		{name: "broken body", status: 422, edit: func(r *http.Request) { r.Body = io.NopCloser(brokenReader{secret}) }},
		{name: "store refuses", status: 422, body: good, store: failingStore(fmt.Errorf("%w: %w", userstore.ErrInvalid, secret))},
		{name: "store does not find", status: 404, body: good, store: failingStore(fmt.Errorf("%w: %w", userstore.ErrNotFound, secret))},
		{name: "patch is forbidden", status: 403, body: good, options: func(o *httphandler.Options) {
			o.AuthorizePatch = func(context.Context, uuid.UUID, userstore.Attributes) error {
				return fmt.Errorf("%w: %w", httphandler.ErrForbidden, secret)
			}
		}},
		{name: "store returns what cannot be encoded", status: 501, failure: true, body: good, store: storeFuncs{patch: func(context.Context) (userstore.User, error) {
			user := canaryUser(t)
			user.Attributes.LastName = text("kanari-last\xff")
			return user, nil
		}}},
		{name: "store fails to get", status: 501, failure: true, body: document(`{"createdAt":"2021-09-01T23:12:56Z","firstName":"kanari-first"}`), store: failingStore(secret)},
	}
	return append(cases, failingSteps(good, secret, canaryUser(t))...)
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

// failingSteps makes each step fail and panic, with the values in various errors and
// other types.
func failingSteps(body string, secret secretError, user userstore.User) (cases []canaryCase) {
	failures := map[string]func() error{
		"error":         func() error { return secret },
		"wrapped error": func() error { return fmt.Errorf("%s: %w", secret.Error(), secret) },
		"joined errors": func() error { return errors.Join(secret, errors.New(secret.Error())) },
		"panic string":  func() error { panic(secret.Error()) },
		"panic error":   func() error { panic(secret) },
		"panic wrapped": func() error { panic(fmt.Errorf("x: %w", secret)) },
		"panic struct":  func() error { panic(struct{ User userstore.User }{user}) },
		"panic bytes":   func() error { panic([]byte(secret.Error())) },
	}
	for name, fail := range failures {
		add := func(step string, status int, c canaryCase) {
			c.name, c.status, c.failure, c.body = step+", "+name, status, true, body
			cases = append(cases, c)
		}
		add("store", 501, canaryCase{store: storeFuncs{patch: func(context.Context) (userstore.User, error) { return user, fail() }}})
		add("authenticate", 501, canaryCase{access: func(a *httphandler.Access) {
			a.Authenticate = func(*http.Request) (context.Context, error) { return nil, fail() }
		}})
		add("authorize", 501, canaryCase{access: func(a *httphandler.Access) {
			a.Authorize = func(context.Context, uuid.UUID) error { return fail() }
		}})
		add("validate", 501, canaryCase{options: func(o *httphandler.Options) {
			o.Validate = func(context.Context, userstore.Attributes) error { return fail() }
		}})
		add("authorize patch", 501, canaryCase{options: func(o *httphandler.Options) {
			o.AuthorizePatch = func(context.Context, uuid.UUID, userstore.Attributes) error { return fail() }
		}})
		add("after commit", 200, canaryCase{options: func(o *httphandler.Options) {
			o.AfterCommit = func(context.Context, uuid.UUID, []string) error { return fail() }
		}})
	}
	return cases
}

// run serves the request of the case and returns the answer.
func (c canaryCase) run(logger *slog.Logger) *httptest.ResponseRecorder {
	access := httphandler.StaticTokens(map[string]httphandler.Grant{
		"kanari-token": httphandler.GrantWrite, "kanari-token-forbidden": httphandler.GrantNone, "kanari-token-unlinked": httphandler.GrantUnlinked,
	})
	store, options := c.store, &httphandler.Options{Logger: logger}
	if store == nil {
		store = memstore.New(userstore.ExampleUser())
	}
	if c.access != nil {
		c.access(&access)
	}
	if c.options != nil {
		c.options(options)
	}
	r := exampleRequest(c.body)
	r.Header.Set("Authorization", "Bearer kanari-token")
	r.URL.RawQuery = "email=kanari-query"
	if c.edit != nil {
		c.edit(r)
	}
	w := httptest.NewRecorder()
	httphandler.New(store, access, options).ServeHTTP(w, r)
	return w
}

// Each kind of log, as Options.Logger and as the default.
var logs = map[string]func(w io.Writer) slog.Handler{
	"text": func(w io.Writer) slog.Handler {
		return slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true})
	},
	"JSON": func(w io.Writer) slog.Handler {
		return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true})
	},
}

// runLogged runs the case and also returns the log.
func (c canaryCase) runLogged(newHandler func(io.Writer) slog.Handler, own bool) (w *httptest.ResponseRecorder, log string) {
	var buf bytes.Buffer
	logger := slog.New(newHandler(&buf))
	if own {
		return c.run(logger), buf.String()
	}
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(logger)
	return c.run(nil), buf.String()
}

// No log or error document contains a personal value or a token, whatever happens. The id
// in the document is also in the log. All internal failures get the same answer, so the
// document reveals nothing about the cause.
func TestNoCanaryEscapes(t *testing.T) {
	failure := ""
	for _, c := range canaryCases(t) {
		for kind, newHandler := range logs {
			for _, own := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, %s, own logger %t", c.name, kind, own), func(t *testing.T) {
					w, log := c.runLogged(newHandler, own)
					got := c.check(t, w, log, own)
					if got.status != http.StatusNotImplemented {
						return
					}
					if failure == "" {
						failure = withoutID(got)
					}
					if withoutID(got) != failure {
						t.Errorf("another failure is answered by %s, this by %s", failure, withoutID(got))
					}
				})
			}
		}
	}
}

func (c canaryCase) check(t *testing.T, w *httptest.ResponseRecorder, log string, own bool) reply {
	t.Helper()
	method := http.MethodPatch
	if c.status == http.StatusMethodNotAllowed {
		method = "other"
	}
	got, wrong := readReply(method, w)
	if got.status != c.status || wrong != nil {
		t.Fatalf("status %d, want %d; %q", got.status, c.status, wrong)
	}
	wantNoLeak(t, "the log", log)
	wantNoLeak(t, "the header", fmt.Sprint(got.header))
	if got.status != http.StatusOK {
		wantNoLeak(t, "the error document", string(got.body))
	}
	// Refusals are logged only if the host set a Logger, successes never.
	if logged := c.failure || own && got.status != http.StatusOK; logged != (log != "") {
		t.Errorf("logged: %q", log)
	}
	if log != "" && got.status != http.StatusOK {
		asText, asJSON := "error_id="+got.errors[0].ID+"\n", `"error_id":"`+got.errors[0].ID+`"`
		if strings.Count(log, asText)+strings.Count(log, asJSON) != 1 {
			t.Errorf("the id %s is not in the log once: %s", got.errors[0].ID, log)
		}
	}
	if c.failure && !strings.Contains(log, "canary_test.go") {
		t.Errorf("no stack in the log: %s", log)
	}
	return got
}

// The check works: it finds the values that a hook logs.
func TestPlantedLeaksAreSeen(t *testing.T) {
	var logger *slog.Logger
	leak := canaryCase{body: document("{" + canaryJSON + "}"), options: func(o *httphandler.Options) {
		logger = o.Logger
		o.AuthorizePatch = func(_ context.Context, _ uuid.UUID, patch userstore.Attributes) error {
			name, _ := patch.FirstName.Get()
			logger.Debug("planted", "name", name)
			return nil
		}
	}}
	for kind, newHandler := range logs {
		if _, log := leak.runLogged(newHandler, true); !slices.Equal(leaks(log), []string{"kanari-first"}) {
			t.Errorf("%s: not seen in %s", kind, log)
		}
	}
	for _, format := range []string{"%s", "%q", "%x", "%X", "% x", "%d", "%#v", "%v"} {
		if text := fmt.Sprintf(format, []byte("kanari-street")); len(leaks(text)) != 1 && format != "%#v" {
			t.Errorf("%s: not seen in %s", format, text)
		}
	}
	if found := leaks(secretError{canaries}.Error()); len(found) != len(canaries) {
		t.Errorf("seen %q", found)
	}
	// The record has all of them, except those of refused requests.
	w := canaryCase{body: document("{" + canaryJSON + "}")}.run(slog.New(slog.DiscardHandler))
	if found := leaks(w.Body.String()); len(found) != 14 {
		t.Errorf("the record holds %q", found)
	}
}

// Our types show no value when they are formatted, with any verb and flag. Not tested
// are %p, and %w of a value that is no error: fmt does not call Format for them, and go
// vet refuses them.
func TestFormattedValuesShowNothing(t *testing.T) {
	user := canaryUser(t)
	address, _ := user.Attributes.Address.Get()
	fake := handlertest.New(user)
	r := exampleRequest(document("{" + canaryJSON + "}"))
	r.Header.Set("Authorization", "Bearer "+handlertest.Token)
	fake.ServeHTTP(httptest.NewRecorder(), r)
	if calls := fake.Calls(); len(calls) != 1 || len(leaks(string(calls[0].Body))) == 0 {
		t.Fatalf("the fake has not recorded the body: %v", calls)
	}
	_, invalid := fake.Store.Patch(t.Context(), user.ID, userstore.Attributes{FirstName: text("kanari-first\x00")})
	values := map[string]any{
		"user": user, "user pointer": &user, "users": []userstore.User{user}, "map": map[string]userstore.User{"x": user}, "struct": struct{ User *userstore.User }{&user},
		"attributes": user.Attributes, "attributes pointer": &user.Attributes, "address": address, "optional address": user.Attributes.Address,
		"text": user.Attributes.FirstName, "text pointer": &user.Attributes.FirstName, "number": address.PostalCode, "house": address.HouseNo,
		"TextOrInt": userstore.Text("kanari-house"), "Int": userstore.Int(7419582036417), "null": userstore.Null[string](),
		"store": fake.Store, "fake": fake, "server": &handlertest.Server{Fake: fake}, "calls": fake.Calls(), "call": fake.Calls()[0], "call pointer": &fake.Calls()[0],
		"config": handlertest.Config{Users: []userstore.User{user}, Tokens: []handlertest.NamedToken{{Name: "x", Token: "kanari-token"}}},
		"fault":  handlertest.FailAfterWrite, "error": invalid, "wrapped": fmt.Errorf("x: %w", invalid),
		"access":  httphandler.StaticTokens(map[string]httphandler.Grant{"kanari-token": httphandler.GrantWrite}),
		"handler": httphandler.New(fake.Store, httphandler.InsecureAllowEveryone(), nil),
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			wantNoLeak(t, "printed", fmt.Sprint(value)+fmt.Sprintln(value))
			for _, verb := range "vsdqxXtTcUbeEfFgGoO" {
				for _, flag := range []string{"", "+", "#", "-", " ", "0", "5.3", "+#", "extra argument"} {
					format := "%" + flag + string(verb)
					if flag == "extra argument" {
						format = flag
					}
					if !t.Failed() { // one leak is enough to read
						wantNoLeak(t, format, fmt.Sprintf(format, value))
					}
				}
			}
		})
	}
	for kind, newHandler := range logs {
		for _, name := range []string{"user", "user pointer", "attributes", "address", "optional address", "text", "number", "TextOrInt", "store", "call", "error", "wrapped"} {
			var buf bytes.Buffer
			slog.New(newHandler(&buf)).Info("x", "value", values[name])
			wantNoLeak(t, name+" in a log as "+kind, buf.String())
		}
	}
}
