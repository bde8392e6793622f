package vectors_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/conformance/vectors"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// The tokens of the handler under test.
var tokens = strings.NewReplacer("{token}", "good-token", "{forbiddenToken}", "forbidden-token", "{unlinkedToken}", "unlinked-token")

func newHandler(store userstore.Store) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", httphandler.New(store, access(), nil))
	return mux
}

func access() httphandler.Access {
	return httphandler.StaticTokens(map[string]httphandler.Grant{
		"good-token": httphandler.GrantWrite, "forbidden-token": httphandler.GrantNone, "unlinked-token": httphandler.GrantUnlinked,
	})
}

// userOf returns the user with the attributes of a vector.
func userOf(t testing.TB, attributes json.RawMessage) userstore.User {
	t.Helper()
	user := userstore.User{ID: uuid.MustParse(userID)}
	require.NoError(t, json.Unmarshal(attributes, &user.Attributes))
	var createdAt struct{ CreatedAt string }
	require.NoError(t, json.Unmarshal(attributes, &createdAt))
	var err error
	user.CreatedAt, err = userstore.ParseTime(createdAt.CreatedAt)
	require.NoError(t, err)
	user, err = user.Canonical()
	require.NoError(t, err)
	return user
}

// newRequest returns the request of a vector, by somebody who may patch the user unless
// it says otherwise.
func newRequest(v vectors.Request) *http.Request {
	r := httptest.NewRequest(v.Method, tokens.Replace(v.Path), bytes.NewReader(v.Body.Bytes()))
	for _, h := range v.Headers {
		r.Header.Add(h[0], tokens.Replace(h[1]))
	}
	if !v.Anonymous && r.Header["Authorization"] == nil {
		r.Header.Set("Authorization", "Bearer good-token")
	}
	return r
}

// Our handler over our store in memory answers every vector as the contract says.
func TestHandler(t *testing.T) {
	for _, v := range allVectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			store := memstore.New(userOf(t, v.before))
			w := httptest.NewRecorder()
			newHandler(store).ServeHTTP(w, newRequest(v.Request))
			if w.Code != v.Status || w.Header().Get("Content-Type") != v.MediaType {
				t.Fatalf("status %d, want %d; type %s\n%s", w.Code, v.Status, w.Header().Get("Content-Type"), w.Body)
			}
			if v.Status == http.StatusOK {
				wantRecord(t, v.after(), w.Body.Bytes())
			} else {
				wantErrors(t, v.Errors, w.Body.Bytes())
			}
			got, err := store.Get(t.Context(), uuid.MustParse(userID))
			require.NoError(t, err)
			if want := userOf(t, v.after()); got != want {
				t.Errorf("the store has another record than %s", v.after())
			}
		})
	}
}

// wantRecord compares the attributes of an answer byte for byte.
func wantRecord(t *testing.T, want json.RawMessage, body []byte) {
	t.Helper()
	var answer struct {
		Data struct {
			Type, ID   string
			Attributes json.RawMessage
		}
	}
	require.NoError(t, json.Unmarshal(body, &answer))
	if answer.Data.Type != "User" || answer.Data.ID != userID {
		t.Errorf("the answer is about %s %s", answer.Data.Type, answer.Data.ID)
	}
	if diff := gocmp.Diff(parseRecord(string(want)), parseRecord(string(answer.Data.Attributes))); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func wantErrors(t *testing.T, want []vectors.Error, body []byte) {
	t.Helper()
	var answer struct{ Errors []vectors.Error }
	require.NoError(t, json.Unmarshal(body, &answer))
	order := func(a, b vectors.Error) int { return cmp.Compare(string(writeJSON(a)), string(writeJSON(b))) }
	slices.SortFunc(answer.Errors, order)
	want = slices.SortedFunc(slices.Values(want), order)
	if diff := gocmp.Diff(want, answer.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}
