package httphandler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

const examplePath = "/users/" + handlertest.ExampleID

// An endpoint is the handler over a store with the example user.
type endpoint struct {
	http.Handler
	store *memstore.Store
	open  bool // it is an openEndpoint
}

func newEndpoint(access httphandler.Access, opts httphandler.Options) endpoint {
	store := memstore.New(userstore.ExampleUser())
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", httphandler.New(store, access, &opts))
	return endpoint{Handler: mux, store: store}
}

// openEndpoint admits everybody and has the default options.
func openEndpoint() endpoint {
	e := newEndpoint(httphandler.InsecureAllowEveryone(), httphandler.Options{})
	e.open = true
	return e
}

// exampleRequest returns a request for the example user in which everything but perhaps
// the body is valid.
func exampleRequest(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPatch, examplePath, strings.NewReader(body))
	r.Header.Set("Accept", httphandler.MediaType)
	r.Header.Set("Content-Type", httphandler.MediaType)
	return r
}

// document returns a document that patches the example user.
func document(attributes string) string {
	return `{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":` + attributes + `}}`
}

// A reply is a decoded answer.
type reply struct {
	status int
	header http.Header
	body   []byte
	record resource      // of a 200
	errors []errorObject // of any other
}

type resource struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Attributes struct {
		userstore.Attributes
		CreatedAt time.Time `json:"createdAt"`
	} `json:"attributes"`
}

// user returns the user of the resource, as a store has it.
func (r resource) user() (userstore.User, error) {
	id, err := userstore.ParseID(r.ID)
	if err != nil {
		return userstore.User{}, err
	}
	return userstore.User{ID: id, Attributes: r.Attributes.Attributes, CreatedAt: r.Attributes.CreatedAt}.Canonical()
}

type errorObject struct {
	ID     string  `json:"id"`
	Status string  `json:"status"`
	Code   string  `json:"code"`
	Title  string  `json:"title"`
	Detail *string `json:"detail"`
	Source *struct {
		Pointer   *string `json:"pointer"`
		Parameter *string `json:"parameter"`
		Header    *string `json:"header"`
	} `json:"source"`
}

// place returns the source of the error, such as "pointer /data", or "" if it has none.
func (e errorObject) place() string {
	var places []string
	if e.Source == nil {
		return ""
	}
	for name, value := range map[string]*string{"pointer": e.Source.Pointer, "parameter": e.Source.Parameter, "header": e.Source.Header} {
		if value != nil {
			places = append(places, name+" "+*value)
		}
	}
	if len(places) != 1 {
		return fmt.Sprintf("a source with %d members", len(places))
	}
	return places[0]
}

// places returns the places of all errors, sorted.
func (r reply) places() []string {
	places := []string{}
	for _, e := range r.errors {
		places = append(places, e.place())
	}
	slices.Sort(places)
	return places
}

func (r reply) codes() (codes []string) {
	for _, e := range r.errors {
		codes = append(codes, e.Code)
	}
	return codes
}

// send serves the request. It checks that the answer keeps the contract, that a 200 has
// the record that is now in the store, and that a refusal has changed nothing.
func (e endpoint) send(t testing.TB, r *http.Request) reply {
	t.Helper()
	before := e.exampleUser(t)
	w := httptest.NewRecorder()
	e.serve(t, w, r)
	reply, wrong := readReply(r.Method, w)
	for _, problem := range wrong {
		t.Errorf("%s (status %d, body %.300q)", problem, reply.status, reply.body)
	}
	after := e.exampleUser(t)
	if reply.status != http.StatusOK {
		if before != after {
			t.Errorf("status %d changed the record:\n%s", reply.status, diff(before, after))
		}
		return reply
	}
	got, err := reply.record.user()
	if err != nil {
		t.Errorf("the record of the answer: %v", err)
	}
	if got.ID == after.ID && got != after {
		t.Errorf("the answer is not the record (-store +answer):\n%s", diff(after, got))
	}
	return reply
}

// patch sends a patch with these attributes.
func (e endpoint) patch(t testing.TB, attributes string) reply {
	t.Helper()
	return e.send(t, exampleRequest(document(attributes)))
}

func (e endpoint) exampleUser(t testing.TB) userstore.User {
	t.Helper()
	user, err := e.store.Get(context.Background(), uuid.MustParse(handlertest.ExampleID))
	require.NoError(t, err)
	return user
}

// diff is cmp.Diff that also compares unexported fields.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true }))
}

// readReply decodes an answer to a request with the method, and returns how it breaks the
// contract.
func readReply(method string, w *httptest.ResponseRecorder) (r reply, wrong []string) {
	r = reply{status: w.Code, header: w.Result().Header, body: w.Body.Bytes()}
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if got := r.header["Content-Type"]; !slices.Equal(got, []string{"application/vnd.api+json"}) {
		complain("Content-Type is %q", got)
	}
	if got := r.header["Content-Length"]; len(got) > 0 && got[0] != strconv.Itoa(len(r.body)) {
		complain("Content-Length is %q, but there are %d bytes", got, len(r.body))
	}
	if !utf8.Valid(r.body) {
		complain("the body is not UTF-8")
	}
	for _, want := range requiredFields(method, r.status) {
		if got := r.header[want[0]]; len(got) != 1 || !strings.HasPrefix(got[0], want[1]) {
			complain("%s is %q, want %s", want[0], got, want[1])
		}
	}
	if !slices.Contains(allowedStatuses(method), r.status) {
		complain("status %d is not in the contract", r.status)
	}
	if r.status == http.StatusOK {
		return r, append(wrong, r.readRecord()...)
	}
	return r, append(wrong, r.readErrors()...)
}

func allowedStatuses(method string) []int {
	if method != http.MethodPatch {
		return []int{405}
	}
	return []int{200, 401, 403, 404, 406, 415, 422, 501}
}

// requiredFields returns the header fields that an answer with the status must have, with
// the start of their values.
func requiredFields(method string, status int) [][2]string {
	switch status {
	case http.StatusUnauthorized:
		return [][2]string{{"Www-Authenticate", "Bearer"}}
	case http.StatusMethodNotAllowed:
		return [][2]string{{"Allow", http.MethodPatch}}
	case http.StatusNotImplemented:
		return [][2]string{{"Cache-Control", "no-store"}}
	}
	return nil
}

// readRecord decodes the document of a 200. The decoder refuses unknown and duplicate
// members, and names are case-sensitive.
func (r *reply) readRecord() (wrong []string) {
	var doc struct {
		Data resource `json:"data"`
	}
	if err := json.Unmarshal(r.body, &doc, json.RejectUnknownMembers(true)); err != nil {
		return []string{"not the document of a user: " + err.Error()}
	}
	r.record = doc.Data
	if r.record.Type != "User" {
		wrong = append(wrong, "data.type is "+r.record.Type)
	}
	if err := checkComplete(r.body); err != nil {
		wrong = append(wrong, err.Error())
	}
	if r.record.ID != strings.ToLower(r.record.ID) {
		wrong = append(wrong, "data.id is not in lower case")
	}
	return wrong
}

// readErrors decodes an error document.
func (r *reply) readErrors() (wrong []string) {
	var doc struct {
		Errors []errorObject `json:"errors"`
	}
	if err := json.Unmarshal(r.body, &doc, json.RejectUnknownMembers(true)); err != nil {
		return []string{"not an error document: " + err.Error()}
	}
	r.errors = doc.Errors
	if len(r.errors) == 0 {
		wrong = append(wrong, "there are no errors in the error document")
	}
	for i, e := range r.errors {
		if e.ID == "" || e.Code == "" || e.Title == "" || e.Status != strconv.Itoa(r.status) {
			wrong = append(wrong, fmt.Sprintf("error %d: id, status, code, title are %q, %q, %q, %q", i, e.ID, e.Status, e.Code, e.Title))
		}
		if e.ID != r.errors[0].ID {
			wrong = append(wrong, fmt.Sprintf("error %d has another id than the first", i))
		}
		if place := e.place(); strings.HasPrefix(place, "a source with") {
			wrong = append(wrong, fmt.Sprintf("error %d has %s", i, place))
		}
	}
	return wrong
}

// Most tests here rely on readReply: each of its checks works.
func TestReadReplySeesWhatIsWrong(t *testing.T) {
	const good = `{"errors":[{"id":"x","status":"422","code":"c","title":"t","source":{"pointer":""}}]}`
	const record = `{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":{"firstName":null,"lastName":null,"email":null,"phoneNumber":null,"pictureUrl":null,"gender":null,` +
		`"createdAt":"2021-09-01T23:12:56Z","birthDate":null,"address":null,"locale":null,"zoneInfo":null}}}`
	tests := []struct {
		name, method string
		status       int
		contentType  string
		body         string
		want         string // part of the only problem, or "" for none
	}{
		{"good error", "PATCH", 422, "application/vnd.api+json", good, ""},
		{"good record", "PATCH", 200, "application/vnd.api+json", record, ""},
		{"status", "PATCH", 400, "application/vnd.api+json", strings.ReplaceAll(good, "422", "400"), "status 400"},
		{"method", "PUT", 200, "application/vnd.api+json", record, "status 200"},
		{"content type", "PATCH", 422, "application/vnd.api+json; charset=utf-8", good, "Content-Type"},
		{"no field", "PATCH", 401, "application/vnd.api+json", strings.ReplaceAll(good, "422", "401"), "Www-Authenticate"},
		{"no errors", "PATCH", 422, "application/vnd.api+json", `{"errors":[]}`, "no errors"},
		{"null errors", "PATCH", 422, "application/vnd.api+json", `{"errors":null}`, "no errors"},
		{"numeric status", "PATCH", 422, "application/vnd.api+json", strings.ReplaceAll(good, `"422"`, `422`), "not an error document"},
		{"other status", "PATCH", 422, "application/vnd.api+json", strings.ReplaceAll(good, "422", "400"), "id, status"},
		{"no code", "PATCH", 422, "application/vnd.api+json", strings.ReplaceAll(good, `"code":"c",`, ""), "id, status"},
		{"two ids", "PATCH", 422, "application/vnd.api+json", `{"errors":[{"id":"x","status":"422","code":"c","title":"t"},{"id":"y","status":"422","code":"c","title":"t"}]}`, "another id"},
		{"other source", "PATCH", 422, "application/vnd.api+json", strings.ReplaceAll(good, "pointer", "line"), "not an error document"},
		{"empty source", "PATCH", 422, "application/vnd.api+json", strings.ReplaceAll(good, `"pointer":""`, ""), "source with 0"},
		{"two sources", "PATCH", 422, "application/vnd.api+json", strings.ReplaceAll(good, `"pointer":""`, `"pointer":"","header":"A"`), "source with 2"},
		{"name in another case", "PATCH", 422, "application/vnd.api+json", strings.ReplaceAll(good, `"id"`, `"ID"`), "not an error document"},
		{"invalid UTF-8", "PATCH", 422, "application/vnd.api+json", good[:len(good)-2] + "\xff", "not UTF-8"},
		{"not JSON", "PATCH", 422, "application/vnd.api+json", "sorry", "not an error document"},
		{"data and errors", "PATCH", 200, "application/vnd.api+json", record[:len(record)-1] + `,"errors":[]}`, "not the document"},
		{"type", "PATCH", 200, "application/vnd.api+json", strings.ReplaceAll(record, "User", "user"), "data.type"},
		{"id", "PATCH", 200, "application/vnd.api+json", strings.ReplaceAll(record, "c0da", "C0DA"), "lower case"},
		{"incomplete", "PATCH", 200, "application/vnd.api+json", strings.ReplaceAll(record, `"locale":null,`, ""), "the attributes are"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", tt.contentType)
			w.WriteHeader(tt.status)
			w.WriteString(tt.body)
			_, wrong := readReply(tt.method, w)
			if tt.want == "" && len(wrong) > 0 || tt.want != "" && (len(wrong) == 0 || !strings.Contains(wrong[0], tt.want)) {
				t.Errorf("got %q, want %q", wrong, tt.want)
			}
		})
	}
}

// Every status of the contract, for one reason each.
func TestEveryStatus(t *testing.T) {
	access := func(authenticate, authorize error) httphandler.Access {
		return httphandler.Access{
			Authenticate: func(r *http.Request) (context.Context, error) { return r.Context(), authenticate },
			Authorize:    func(context.Context, uuid.UUID) error { return authorize },
		}
	}
	broken := errors.New("broken")
	tests := []struct {
		name   string
		access httphandler.Access
		edit   func(r *http.Request)
		status int
		code   string
		header http.Header // beside Content-Type and Content-Length
	}{
		{"no credentials", access(httphandler.ErrNoCredentials, nil), nil, 401, "missing-credentials", http.Header{"Www-Authenticate": {"Bearer"}}},
		{"bad credentials", access(httphandler.ErrInvalidToken, nil), nil, 401, "invalid-token", http.Header{"Www-Authenticate": {`Bearer error="invalid_token"`}}},
		{"linked identity", access(httphandler.ErrMissingLinkedIdentity, nil), nil, 401, "missing-linked-identity", http.Header{"Www-Authenticate": {"Bearer"}}},
		{"wrapped", access(fmt.Errorf("by host: %w", httphandler.ErrInvalidToken), nil), nil, 401, "invalid-token", http.Header{"Www-Authenticate": {`Bearer error="invalid_token"`}}},
		{"authenticate fails", access(broken, nil), nil, 501, "internal-error", http.Header{"Cache-Control": {"no-store"}}},
		{"forbidden", access(nil, httphandler.ErrForbidden), nil, 403, "forbidden", nil},
		{"hidden", access(nil, userstore.ErrNotFound), nil, 404, "user-not-found", nil},
		{"authorize fails", access(nil, broken), nil, 501, "internal-error", http.Header{"Cache-Control": {"no-store"}}},
		{"unknown user", access(nil, nil), func(r *http.Request) { toUnknownUser(r) }, 404, "user-not-found", nil},
		{"accept", access(nil, nil), func(r *http.Request) { r.Header.Set("Accept", "text/html") }, 406, "not-acceptable", nil},
		{"content type", access(nil, nil), func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "unsupported-media-type", http.Header{"Accept-Patch": {"application/vnd.api+json"}}},
		{"method", access(nil, nil), func(r *http.Request) { r.Method = "PUT" }, 405, "method-not-allowed", http.Header{"Allow": {"PATCH"}}},
		{"success", access(nil, nil), nil, 200, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := newEndpoint(tt.access, httphandler.Options{})
			r := exampleRequest(document(`{"firstName":"Jane"}`))
			if tt.edit != nil {
				tt.edit(r)
			}
			got := e.send(t, r)
			if code := strings.Join(got.codes(), " "); got.status != tt.status || code != tt.code {
				t.Errorf("got %d %s, want %d %s", got.status, code, tt.status, tt.code)
			}
			got.header.Del("Content-Type")
			got.header.Del("Content-Length")
			if len(got.header)+len(tt.header) > 0 && !reflect.DeepEqual(got.header, tt.header) {
				t.Errorf("header (-want +got):\n%s", cmp.Diff(tt.header, got.header))
			}
		})
	}
}

func toUnknownUser(r *http.Request) {
	const unknown = "11111111-2222-4333-8444-555555555555"
	body := strings.ReplaceAll(document(`{"firstName":"Jane"}`), handlertest.ExampleID, unknown)
	u := httptest.NewRequest(http.MethodPatch, "/users/"+unknown, strings.NewReader(body))
	r.URL, r.RequestURI, r.Body, r.ContentLength = u.URL, u.RequestURI, u.Body, u.ContentLength
}

// The id of an error is new for each answer.
func TestErrorIDsDiffer(t *testing.T) {
	e, seen := openEndpoint(), map[string]bool{}
	for range 100 {
		got := e.patch(t, `{"gender":"x","email":"x"}`)
		if len(got.errors) != 2 || seen[got.errors[0].ID] {
			t.Fatalf("%d errors, or an id that was there before", len(got.errors))
		}
		seen[got.errors[0].ID] = true
	}
}
