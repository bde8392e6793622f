package httphandler_test

import (
	stdjson "encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// FuzzBody sends any bytes as a body. The answer keeps the contract and a refusal changes
// nothing (send checks both). Two oracles tell more: encoding/json decodes what a 200
// must have done, and a strict decoder with the default rules recognises bodies that
// must be accepted.
func FuzzBody(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		e := openEndpoint()
		got := e.send(t, exampleRequest(string(body)))
		switch got.status {
		case http.StatusOK:
			checkMerged(t, body, e.exampleUser(t))
		case http.StatusUnprocessableEntity:
			if mustBeAccepted(body) {
				t.Errorf("refused: %s", got.body)
			}
			if len(got.errors) > 32 || len(got.body) > 64<<10 {
				t.Errorf("%d errors in %d bytes", len(got.errors), len(got.body))
			}
			checkPointers(t, string(body), got)
		default:
			t.Errorf("status %d", got.status)
		}
	})
}

// checkMerged checks that the user is the example user merged with the patch in the
// body. encoding/json gets only the values of names that match exactly, because it
// ignores case.
func checkMerged(t *testing.T, body []byte, user userstore.User) {
	t.Helper()
	if !stdjson.Valid(body) {
		t.Fatal("accepted, but not JSON")
	}
	var doc, data map[string]stdjson.RawMessage
	var patch userstore.Attributes
	if stdjson.Unmarshal(body, &doc) != nil || stdjson.Unmarshal(doc["data"], &data) != nil {
		t.Fatal("accepted, but without data")
	}
	if attributes, ok := data["attributes"]; ok {
		require.NoError(t, stdjson.Unmarshal(attributes, &patch), "encoding/json refuses what was accepted")
	}
	want := userstore.ExampleUser()
	want.Attributes = want.Attributes.Merge(patch)
	if user != want {
		t.Errorf("record (-want +got):\n%s", diff(want, user))
	}
}

// mustBeAccepted reports whether there is no reason to refuse the body. If it returns
// false, there may be none either.
func mustBeAccepted(body []byte) bool {
	var doc struct {
		Data struct {
			Type       string         `json:"type"`
			ID         string         `json:"id"`
			Attributes jsontext.Value `json:"attributes"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &doc, json.RejectUnknownMembers(true)) != nil || doc.Data.Type != "User" || !strings.EqualFold(doc.Data.ID, exampleID) {
		return false
	}
	var patch userstore.Attributes
	if attributes := doc.Data.Attributes; attributes != nil &&
		(!hasOnly(attributes, attributeNames) || json.Unmarshal(attributes, &patch) != nil) {
		return false
	}
	return len(body) <= httphandler.DefaultMaxBodyBytes && userstore.DefaultRules().Validate(patch) == nil
}

const (
	attributeNames = "firstName lastName email phoneNumber pictureUrl gender birthDate address locale zoneInfo"
	addressNames   = "country locality street houseNo additionalAddressLink region postalCode"
)

// hasOnly reports whether the value is an object with only these names, and its address
// too.
func hasOnly(value jsontext.Value, names string) bool {
	var members map[string]jsontext.Value
	if value.Kind() != '{' || json.Unmarshal(value, &members) != nil {
		return false
	}
	for name, member := range members {
		if !slices.Contains(strings.Fields(names), name) || name == "address" && member.Kind() == '{' && !hasOnly(member, addressNames) {
			return false
		}
	}
	return true
}

// FuzzRequest sends any request to the handler directly, without a path value, and
// through a mux. If the mux passes it on, both answers are alike.
func FuzzRequest(f *testing.F) {
	f.Fuzz(func(t *testing.T, method, path, accept, contentType, authorization, body string) {
		target, err := url.ParseRequestURI(path)
		if err != nil {
			return // net/http answers this itself
		}
		fields := http.Header{"Accept": {accept}, "Content-Type": {contentType}, "Authorization": {authorization}}
		newRequest := func() *http.Request {
			r := httptest.NewRequest(http.MethodPatch, "/", nil)
			u := *target
			r.Method, r.URL, r.RequestURI, r.Header = method, &u, path, fields.Clone()
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			return r
		}
		straight, through := tokenEndpoint(), tokenEndpoint()
		got := straight.send(t, newRequest())
		if got.status == http.StatusOK {
			checkAllowed(t, method, target, authorization)
		}
		if strings.Contains(string(got.body), handlertest.Token) && !strings.Contains(path+body, handlertest.Token) {
			t.Error("the answer shows the token")
		}
		mounted, ok := through.sendThroughMux(t, newRequest())
		if ok && withoutID(mounted) != withoutID(got) {
			t.Errorf("straight: %s\nthrough a mux: %s", withoutID(got), withoutID(mounted))
		}
		if ok && straight.exampleUser(t) != through.exampleUser(t) {
			t.Error("one changed another record than the other")
		}
	})
}

// tokenEndpoint is the handler without a mux, with one token.
func tokenEndpoint() endpoint {
	access := httphandler.StaticTokens(map[string]httphandler.Grant{handlertest.Token: httphandler.GrantWrite})
	e := newEndpoint(access, httphandler.Options{})
	e.Handler = httphandler.New(e.store, access, &httphandler.Options{})
	return e
}

// sendThroughMux returns false if the mux itself answers.
func (e endpoint) sendThroughMux(t *testing.T, r *http.Request) (got reply, ok bool) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/users/{userId}", func(w http.ResponseWriter, r *http.Request) {
		ok = true
		e.ServeHTTP(w, r)
	})
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if !ok {
		return reply{}, false
	}
	got, wrong := readReply(r.Method, w)
	for _, problem := range wrong {
		t.Errorf("through a mux: %s", problem)
	}
	return got, true
}

// checkAllowed checks that a request may have been answered with 200.
func checkAllowed(t *testing.T, method string, target *url.URL, authorization string) {
	t.Helper()
	segment := target.EscapedPath()
	segment = segment[strings.LastIndexByte(segment, '/')+1:]
	id, err := url.PathUnescape(segment)
	scheme, token, _ := strings.Cut(authorization, " ")
	if method != http.MethodPatch || err != nil || !strings.EqualFold(id, exampleID) ||
		!strings.EqualFold(scheme, "Bearer") || strings.TrimLeft(token, " ") != handlertest.Token {
		t.Errorf("%s %s with %q is answered with 200", method, target, authorization)
	}
}

// The oracle of FuzzBody recognises valid bodies, and no invalid ones.
func TestMustBeAccepted(t *testing.T) {
	known := 0
	for _, tt := range bodyTests {
		if mustBeAccepted([]byte(tt.body)) {
			if known++; tt.pointers != nil {
				t.Errorf("%s: must not be accepted", tt.name)
			}
		}
	}
	if known < 5 || !mustBeAccepted([]byte(jane)) {
		t.Errorf("%d bodies are known to be good", known)
	}
}
