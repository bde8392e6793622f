package httphandler_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

const (
	unknownID   = "11111111-2222-4333-8444-555555555555"
	malformedID = "c0daf39b-4df5-4241-9e7d-b1b85f82909x"
)

// A flawed request has any number of errors, in its Access too.
type flawed struct {
	method, id, accept, contentType, attributes string

	authenticate, authorize, authorizePatch error
}

// faultsInOrder are the errors of a request, in the order of the checks.
var faultsInOrder = []struct {
	name  string
	apply func(f *flawed)
	want  string // status and place of the one error
}{
	{"method", func(f *flawed) { f.method = "PUT" }, "405 "},
	{"credentials", func(f *flawed) { f.authenticate = httphandler.ErrNoCredentials }, "401 "},
	{"path id", func(f *flawed) { f.id = malformedID }, "404 parameter userId"},
	{"right on the user", func(f *flawed) { f.authorize = httphandler.ErrForbidden }, "403 "},
	{"Accept", func(f *flawed) { f.accept = "text/html" }, "406 header Accept"},
	{"Content-Type", func(f *flawed) { f.contentType = "text/plain" }, "415 header Content-Type"},
	{"body", func(f *flawed) { f.attributes = `{"gender":"x"}` }, "422 pointer /data/attributes/gender"},
	{"right on the attributes", func(f *flawed) { f.authorizePatch = httphandler.ErrForbidden }, "403 "},
	{"unknown user", func(f *flawed) {
		if f.id == exampleID {
			f.id = unknownID
		}
	}, "404 parameter userId"},
}

func (f flawed) send(t *testing.T) reply {
	t.Helper()
	e := newEndpoint(httphandler.Access{
		Authenticate: func(r *http.Request) (context.Context, error) { return r.Context(), f.authenticate },
		Authorize:    func(context.Context, uuid.UUID) error { return f.authorize },
	}, httphandler.Options{
		AuthorizePatch: func(context.Context, uuid.UUID, userstore.Attributes) error { return f.authorizePatch },
	})
	body := strings.ReplaceAll(document(f.attributes), exampleID, f.id)
	r := httptest.NewRequest(f.method, "/users/"+f.id, strings.NewReader(body))
	r.Header.Set("Accept", f.accept)
	r.Header.Set("Content-Type", f.contentType)
	return e.send(t, r)
}

// For all sets of errors, the first in the order decides, and no other is reported.
func TestOrderOfChecks(t *testing.T) {
	for mask := range 1 << len(faultsInOrder) {
		f := flawed{method: "PATCH", id: exampleID, accept: J, contentType: J, attributes: `{"firstName":"Jane"}`}
		name, want := "no fault", "200"
		for i, fault := range faultsInOrder {
			if mask&(1<<i) == 0 {
				continue
			}
			fault.apply(&f)
			if want == "200" {
				name, want = "", fault.want
			}
			name += fault.name + ", "
		}
		t.Run(name, func(t *testing.T) {
			reply := f.send(t)
			got := fmt.Sprint(reply.status)
			for _, e := range reply.errors {
				got += " " + e.place()
			}
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// withoutID returns the answer without the parts that differ each time.
func withoutID(r reply) string {
	text := fmt.Sprint(r.status, r.header, string(r.body))
	for _, e := range r.errors {
		text = strings.ReplaceAll(text, e.ID, "")
	}
	return text
}

// Without valid credentials nobody learns whether a user exists, or whether the request
// is otherwise valid.
func TestUnauthorizedAnswersAreAlike(t *testing.T) {
	access := httphandler.StaticTokens(map[string]httphandler.Grant{"good": httphandler.GrantWrite, "unlinked": httphandler.GrantUnlinked})
	for _, authorization := range []string{"", "Bearer bad", "Bearer", "Basic Z29vZDo=", "Bearer unlinked"} {
		var first string
		for _, path := range []string{exampleID, unknownID, malformedID, "x", strings.ToUpper(exampleID), uuid.Nil.String(), exampleID + "%2F", "%00"} {
			for _, body := range []string{document(`{}`), "", "{"} {
				for _, media := range []string{J, "text/html"} {
					r := httptest.NewRequest("PATCH", "/users/"+path, strings.NewReader(body))
					r.Header = http.Header{"Accept": {media}, "Content-Type": {media}}
					if authorization != "" {
						r.Header.Set("Authorization", authorization)
					}
					got := newEndpoint(access, httphandler.Options{}).send(t, r)
					if got.status != 401 {
						t.Errorf("%q, path %s: status %d", authorization, path, got.status)
					}
					if text := withoutID(got); first == "" {
						first = text
					} else if d := cmp.Diff(first, text); d != "" {
						t.Errorf("%q, path %s, body %q, %s (-first +got):\n%s", authorization, path, body, media, d)
					}
				}
			}
		}
	}
}

// A host that hides who exists answers not found for every foreign id. The answer reveals
// nothing else, whatever is sent.
func TestHiddenUsersAreAlike(t *testing.T) {
	access := httphandler.InsecureAllowEveryone()
	access.Authorize = func(context.Context, uuid.UUID) error { return userstore.ErrNotFound }
	var first string
	for _, id := range []string{exampleID, unknownID, malformedID} {
		for _, body := range []string{document(`{}`), document(`{"createdAt":"2021-09-01T23:12:56Z"}`), document(`{"gender":"x"}`), ""} {
			for _, media := range []string{J, "text/html"} {
				r := httptest.NewRequest("PATCH", "/users/"+id, strings.NewReader(strings.ReplaceAll(body, exampleID, id)))
				r.Header = http.Header{"Accept": {media}, "Content-Type": {media}}
				got := withoutID(newEndpoint(access, httphandler.Options{}).send(t, r))
				if first == "" {
					first = got
				}
				if d := cmp.Diff(first, got); d != "" {
					t.Errorf("%s, body %q, %s (-first +got):\n%s", id, body, media, d)
				}
			}
		}
	}
	// A host that hides nothing gives the same answer for unknown users.
	r := exampleRequest("")
	toUnknownUser(r)
	if d := cmp.Diff(first, withoutID(openEndpoint().send(t, r))); d != "" {
		t.Errorf("not hidden (-hidden +got):\n%s", d)
	}
}

// The body of a request for an unknown user is checked before the user is looked up. A
// createdAt that cannot be compared is not an error of the body.
func TestUnknownUser(t *testing.T) {
	tests := map[string]string{
		`{}`:                                   "404",
		`{"firstName":"Jane"}`:                 "404",
		`{"createdAt":"2021-09-01T23:12:56Z"}`: "404",
		`{"createdAt":"1999-01-01T00:00:00Z"}`: "404",
		`{"createdAt":null}`:                   "422",
		`{"createdAt":"x"}`:                    "422",
		`{"gender":"x"}`:                       "422",
		`{"nope":1}`:                           "422",
		`{"createdAt":"2021-09-01T23:12:56Z","gender":"x"}`: "422",
	}
	for attributes, want := range tests {
		f := flawed{method: "PATCH", id: unknownID, accept: J, contentType: J, attributes: attributes}
		if got := f.send(t); got.errors[0].Status != want {
			t.Errorf("%s: status %d, want %s", attributes, got.status, want)
		}
	}
}

// authorizationTests are the Authorization fields of a request and the challenge of the
// answer, or "" if it is 200.
var authorizationTests = []struct {
	fields    []string
	challenge string
}{
	{[]string{"Bearer test-token"}, ""},
	{[]string{"bearer test-token"}, ""},
	{[]string{"BEARER test-token"}, ""},
	{[]string{"bEaReR test-token"}, ""},
	{[]string{"Bearer  test-token"}, ""}, // RFC 6750: 1*SP
	{[]string{"Bearer tok+en/._~-9=="}, ""},

	{nil, "Bearer"},
	{[]string{""}, "Bearer"},
	{[]string{"Basic dGVzdC10b2tlbjo="}, "Bearer"},
	{[]string{"Basic test-token"}, "Bearer"},
	{[]string{"DPoP test-token"}, "Bearer"},
	{[]string{"Token test-token"}, "Bearer"},
	{[]string{"test-token"}, "Bearer"},
	{[]string{"Bearertest-token"}, "Bearer"},
	{[]string{"Bearer: test-token"}, "Bearer"},
	{[]string{"Bearerſ test-token"}, "Bearer"},

	{[]string{"Bearer"}, invalidTokenChallenge},
	{[]string{"Bearer "}, invalidTokenChallenge},
	{[]string{"Bearer ="}, invalidTokenChallenge},
	{[]string{"Bearer unknown"}, invalidTokenChallenge},
	{[]string{"Bearer TEST-TOKEN"}, invalidTokenChallenge},
	{[]string{"Bearer test-tokeN"}, invalidTokenChallenge},
	{[]string{"Bearer test-token="}, invalidTokenChallenge},
	{[]string{"Bearer test-token x"}, invalidTokenChallenge},
	{[]string{"Bearer test-token, x"}, invalidTokenChallenge},
	{[]string{"Bearer test-token,Bearer test-token"}, invalidTokenChallenge},
	{[]string{"Bearer Bearer test-token"}, invalidTokenChallenge},
	{[]string{`Bearer "test-token"`}, invalidTokenChallenge},
	{[]string{"Bearer \ttest-token"}, invalidTokenChallenge},
	{[]string{"Bearer test-token\x00"}, invalidTokenChallenge},
	{[]string{"Bearer test\u2010token"}, invalidTokenChallenge},
	{[]string{"Bearer test=token"}, invalidTokenChallenge},
	{[]string{"Bearer t\u00e9st"}, invalidTokenChallenge},
	{[]string{"Bearer " + strings.Repeat("x", 100000)}, invalidTokenChallenge},
	{[]string{"Bearer test-token", "Bearer test-token"}, invalidTokenChallenge},
	{[]string{"Bearer test-token", "Basic x"}, invalidTokenChallenge},
	{[]string{"Basic x", "Bearer test-token"}, invalidTokenChallenge},
}

// b64token is the token of RFC 6750, section 2.1.
var b64token = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

const invalidTokenChallenge = `Bearer error="invalid_token"`

func TestAuthorization(t *testing.T) {
	access := httphandler.StaticTokens(map[string]httphandler.Grant{
		handlertest.Token: httphandler.GrantWrite, "tok+en/._~-9==": httphandler.GrantWrite,
	})
	for _, tt := range authorizationTests {
		name := strings.Join(tt.fields, " | ")
		t.Run(name[:min(len(name), 60)], func(t *testing.T) {
			r := exampleRequest(document(`{"firstName":"Jane"}`))
			r.Header["Authorization"] = tt.fields
			// A token elsewhere does not count (RFC 9700, section 4.3.2).
			r.URL.RawQuery = "access_token=" + handlertest.Token
			if token, err := httphandler.BearerToken(r); err == nil && !b64token.MatchString(token) {
				t.Errorf("%q passes for a token", token)
			}
			got := newEndpoint(access, httphandler.Options{}).send(t, r)
			if tt.challenge == "" {
				wantReply(t, got, 200)
				return
			}
			wantReply(t, got, 401, "")
			if d := cmp.Diff([]string{tt.challenge}, got.header["Www-Authenticate"]); d != "" {
				t.Errorf("challenge (-want +got):\n%s", d)
			}
			if got.errors[0].Code == "missing-linked-identity" {
				t.Error("the code is that of a missing linked identity")
			}
		})
	}
}

func TestTokens(t *testing.T) {
	tests := []struct {
		token  string
		status int
		code   string
	}{
		{handlertest.Token, 200, ""},
		{handlertest.ForbiddenToken, 403, "forbidden"},
		{handlertest.UnlinkedToken, 401, "missing-linked-identity"},
		{"other", 401, "invalid-token"},
	}
	for _, tt := range tests {
		fake := handlertest.New()
		r := exampleRequest(document(`{"firstName":"Jane"}`))
		r.Header.Set("Authorization", "Bearer "+tt.token)
		got := endpoint{Handler: fake, store: fake.Store}.send(t, r)
		if code := strings.Join(got.codes(), " "); got.status != tt.status || code != tt.code {
			t.Errorf("%s: %d %s, want %d %s", tt.token, got.status, code, tt.status, tt.code)
		}
	}
}

// pathTests are last segments of paths, as sent.
var pathTests = []struct {
	segment string
	status  int
}{
	{exampleID, 200},
	{strings.ToUpper(exampleID), 200},
	{"C0daF39b-4Df5-4241-9E7d-b1B85f829090", 200},
	{"%63" + exampleID[1:], 200},
	{"%430daf39b-4df5-4241-9e7d-b1b85f829090", 200},
	{strings.ReplaceAll(exampleID, "-", "%2D"), 200},
	{exampleID + "?x=y", 200},
	{exampleID + "?", 200},

	{unknownID, 404},
	{uuid.Nil.String(), 404},
	{uuid.Max.String(), 404},
	{malformedID, 404},
	{"x", 404},
	{exampleID[:35], 404},
	{exampleID[1:], 404},
	{exampleID + "0", 404},
	{"0" + exampleID, 404},
	{"urn:uuid:" + exampleID, 404},
	{"URN:UUID:" + exampleID, 404},
	{"%7B" + exampleID + "%7D", 404},
	{"{" + exampleID + "}", 404},
	{"x" + exampleID + "x", 404}, // uuid.Parse accepts any two characters as braces
	{strings.ReplaceAll(exampleID, "-", ""), 404},
	{strings.ReplaceAll(exampleID, "-", "_"), 404},
	{strings.ReplaceAll(exampleID, "-", "%E2%80%90"), 404},
	{"c0daf39b4-df5-4241-9e7d-b1b85f829090", 404},
	{"c0daf39b-4df5-4241-9e7d-b1b85f82909g", 404},
	{"c0daf39b-4df5-4241-9e7d-b1b85f82909%EF%BC%90", 404},
	{"-0daf39b-4df5-4241-9e7d-b1b85f829090", 404},
	{exampleID + "%2F", 404},
	{"%2F" + exampleID, 404},
	{"x%2F" + exampleID, 404},
	{"..%2F" + exampleID, 404},
	{exampleID + "%2F" + exampleID, 404},
	{exampleID + "%5C", 404},
	{exampleID + "%00", 404},
	{exampleID[:35] + "%00", 404},
	{exampleID + "%20", 404},
	{"%20" + exampleID, 404},
	{exampleID + "+", 404},
	{exampleID + "%0A", 404},
	{exampleID + "%0D%0A", 404},
	{"%E2%80%8B" + exampleID, 404},
	{exampleID + "%FF", 404},
	{"%2563" + exampleID[1:], 404},
	{exampleID + ";v=1", 404},
	{exampleID + ".json", 404},
	{exampleID + "%3Fx", 404},
	{exampleID + "%23x", 404},
	{exampleID + "," + exampleID, 404},
	{exampleID + "*", 404},
	{"%27%20OR%201=1--", 404},
	{"me", 404},
}

// The id in the path means the same with a mux and without one.
func TestPathID(t *testing.T) {
	for _, tt := range pathTests {
		for _, mounted := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, mounted %t", tt.segment, mounted), func(t *testing.T) {
				e := openEndpoint()
				if !mounted {
					e.Handler = httphandler.New(e.store, httphandler.InsecureAllowEveryone(), nil)
				}
				target, err := url.ParseRequestURI("/users/" + tt.segment)
				require.NoError(t, err)
				r := exampleRequest(document(`{"firstName":"Jane"}`))
				r.URL, r.RequestURI = target, "/users/"+tt.segment
				if tt.segment == unknownID || strings.HasPrefix(tt.segment, "00000000") || strings.HasPrefix(tt.segment, "ffffffff") {
					r.Body = io.NopCloser(strings.NewReader(strings.ReplaceAll(document(`{"firstName":"Jane"}`), exampleID, tt.segment)))
				}
				got := e.send(t, r)
				if tt.status == 200 {
					wantReply(t, got, 200)
					return
				}
				wantReply(t, got, tt.status, "parameter userId")
			})
		}
	}
}

// Mounted without a path value, the handler takes the id from the last segment. A path
// that ends in a slash has none.
func TestPathsWithoutValue(t *testing.T) {
	tests := map[string]int{
		"/" + exampleID: 200, "/a/b/c/" + exampleID: 200, "/users/" + exampleID + "/": 404, "/": 404, "/users": 404, "/users/" + exampleID + "/x": 404, "//" + exampleID: 200,
	}
	for path, status := range tests {
		e := openEndpoint()
		e.Handler = httphandler.New(e.store, httphandler.InsecureAllowEveryone(), nil)
		r := exampleRequest(document(`{"firstName":"Jane"}`))
		r.URL = &url.URL{Path: path}
		if got := e.send(t, r); got.status != status {
			t.Errorf("%s: status %d, want %d", path, got.status, status)
		}
	}
}

// A request that is refused early does not call the store, so nobody can make the store
// work without credentials.
func TestStoreIsNotAskedBeforeItsTurn(t *testing.T) {
	for _, fault := range faultsInOrder[:8] {
		f := flawed{method: "PATCH", id: exampleID, accept: J, contentType: J, attributes: `{"createdAt":"2021-09-01T23:12:56Z"}`}
		fault.apply(&f)
		asked := 0
		store := storeFuncs{
			get:   func() (userstore.User, error) { asked++; return userstore.ExampleUser(), nil },
			patch: func(context.Context) (userstore.User, error) { asked += 100; return userstore.ExampleUser(), nil },
		}
		h := httphandler.New(store, httphandler.Access{
			Authenticate: func(r *http.Request) (context.Context, error) { return r.Context(), f.authenticate },
			Authorize:    func(context.Context, uuid.UUID) error { return f.authorize },
		}, &httphandler.Options{AuthorizePatch: func(context.Context, uuid.UUID, userstore.Attributes) error { return f.authorizePatch }})
		r := exampleRequest(document(f.attributes))
		r.Method, r.URL.Path = f.method, "/users/"+f.id
		r.Header = http.Header{"Accept": {f.accept}, "Content-Type": {f.contentType}}
		h.ServeHTTP(httptest.NewRecorder(), r)
		want := 0
		if f.authorizePatch != nil {
			want = 1 // createdAt is compared before AuthorizePatch
		}
		if asked != want {
			t.Errorf("%s: the store was asked (%d)", fault.name, asked)
		}
	}
}
