package storetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// A database keeps documents, at /ID, and compares and swaps them.
type database struct {
	mu        sync.Mutex
	documents map[string]document
	refused   int // how many were not replaced, because another version was there

	// before is called before the request is served; if it returns true, it has.
	before func(w http.ResponseWriter, r *http.Request) bool
}

type document struct {
	version int
	text    []byte
}

func (d *database) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.before != nil && d.before(w, r) {
		return
	}
	text, err := io.ReadAll(r.Body)
	d.mu.Lock()
	defer d.mu.Unlock()
	found, ok := d.documents[r.URL.Path]
	etag := fmt.Sprintf("%q", fmt.Sprint(found.version))
	switch {
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		w.Header().Set("ETag", etag)
		w.Write(found.text)
	case r.Header.Get("If-Match") == "":
		w.WriteHeader(http.StatusPreconditionRequired)
	case r.Header.Get("If-Match") != etag:
		d.refused++
		w.WriteHeader(http.StatusPreconditionFailed)
	default:
		d.documents[r.URL.Path] = document{found.version + 1, text}
		w.WriteHeader(http.StatusNoContent)
	}
}

// startDatabase starts a database with the users on a loopback port.
func startDatabase(users ...userstore.User) (url string, stop func() error) {
	server := httptest.NewServer(newDatabase(users...))
	return server.URL, func() error { server.Close(); return nil }
}

func newDatabase(users ...userstore.User) *database {
	d := &database{documents: map[string]document{}}
	for _, user := range users {
		text, err := json.Marshal(user)
		if err != nil {
			panic(err)
		}
		d.documents["/"+user.ID.String()] = document{0, text}
	}
	return d
}

// documentsIn returns the Store of the example over the database.
func documentsIn(t *testing.T, d *database) *Documents {
	t.Helper()
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	return &Documents{server.URL, staying}
}

// A patch that loses the race against another one is applied to what that has left.
func TestDocumentsKeepBothOfTwoPatches(t *testing.T) {
	user := userstore.ExampleUser()
	d := newDatabase(user)
	store := documentsIn(t, d)
	var other userstore.User
	var err error
	var raced atomic.Bool
	d.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut && raced.CompareAndSwap(false, true) {
			other, err = store.Patch(t.Context(), user.ID, userstore.Attributes{LastName: userstore.Value("Roe")})
		}
		return false
	}
	got, patchErr := store.Patch(t.Context(), user.ID, userstore.Attributes{FirstName: userstore.Value("Jane")})
	require.NoError(t, errors.Join(err, patchErr))
	want := user
	want.Attributes.LastName = userstore.Value("Roe")
	if want != other {
		t.Errorf("the faster patch: want %s, got %s", asJSON(t, want), asJSON(t, other))
	}
	want.Attributes.FirstName = userstore.Value("Jane")
	if want != got {
		t.Errorf("the slower patch: want %s, got %s", asJSON(t, want), asJSON(t, got))
	}
	if d.refused != 1 {
		t.Errorf("the database refused %d versions, want 1", d.refused)
	}
}

func asJSON(t *testing.T, user userstore.User) string {
	t.Helper()
	text, err := json.Marshal(user)
	require.NoError(t, err)
	return string(text)
}

// What goes wrong behind the Store is never taken for a success, and tells no value.
func TestDocumentsTellWhatWentWrong(t *testing.T) {
	user := userstore.ExampleUser()
	full := asJSON(t, user)
	for _, tt := range []struct {
		name   string
		before func(http.ResponseWriter, *http.Request) bool
		want   error // or nil for any that means nothing to the Store's caller
	}{
		{"unknown", statusOf(http.MethodGet, 404), userstore.ErrNotFound},
		{"deleted meanwhile", statusOf(http.MethodPut, 404), userstore.ErrNotFound},
		{"a constraint", statusOf(http.MethodPut, 422), userstore.ErrInvalid},
		{"moved", statusOf(http.MethodGet, 302), nil},
		{"a GET elsewhere", statusOf(http.MethodPut, 303), nil},
		{"out of order", statusOf(http.MethodPut, 500), nil},
		{"not allowed", statusOf(http.MethodPut, 403), nil},
		{"no ETag", documentOf("", full), nil},
		{"a weak ETag", documentOf(`W/"1"`, full), nil},
		{"another user's", documentOf(`"1"`, strings.Replace(full, user.ID.String(), uuid.NewString(), 1)), nil},
		{"malformed", documentOf(`"1"`, strings.Replace(full, `"John"`, `123456789`, 1)), nil},
		{"no document", documentOf(`"1"`, ""), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDatabase(user)
			d.before = tt.before
			_, err := documentsIn(t, d).Patch(t.Context(), user.ID, userstore.Attributes{FirstName: userstore.Value("Jane")})
			require.Error(t, err)
			if got := firstOf(err, userstore.ErrNotFound, userstore.ErrInvalid, errReplaced); got != tt.want {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if text := err.Error(); strings.Contains(text, "123456789") || strings.Contains(text, "Jane") {
				t.Errorf("the text shows a value: %s", text)
			}
			if diff := cmp.Diff(full, string(d.documents["/"+user.ID.String()].text)); diff != "" {
				t.Errorf("the document changed (-want +got):\n%s", diff)
			}
		})
	}
}

// A document that another program has written is read as a canonical record.
func TestDocumentsReadWhatOthersWrote(t *testing.T) {
	want := userstore.ExampleUser()
	want.Attributes = userstore.Attributes{FirstName: userstore.Value("John")}
	d := newDatabase(want)
	d.before = documentOf(`"1"`, `{"id":"`+want.ID.String()+`","createdAt":"`+want.CreatedAt.In(time.FixedZone("", 7200)).Format(time.RFC3339Nano)+`",
		"attributes":{"firstName":"John","lastName":null,"address":{"street":null}}}`)
	got, err := documentsIn(t, d).Get(t.Context(), want.ID)
	require.NoError(t, err)
	if got != want {
		t.Errorf("want %s, got %s", asJSON(t, want), asJSON(t, got))
	}
}

// A patch that never wins ends with its context, whatever the cause of that is.
func TestDocumentsStopWithTheContext(t *testing.T) {
	d := newDatabase(userstore.ExampleUser())
	ctx, stop := context.WithCancelCause(t.Context())
	d.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut {
			stop(errors.New("tired"))
			w.WriteHeader(http.StatusPreconditionFailed)
		}
		return r.Method == http.MethodPut
	}
	_, err := documentsIn(t, d).Patch(ctx, userstore.ExampleUser().ID, userstore.Attributes{})
	require.ErrorIs(t, err, context.Canceled)
}

// statusOf answers requests of the method with the status.
func statusOf(method string, status int) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == method {
			w.Header().Set("Location", "/00000000-0000-0000-0000-000000000000")
			w.WriteHeader(status)
		}
		return r.Method == method
	}
}

// documentOf answers every request with a document.
func documentOf(etag, text string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("ETag", etag)
		io.WriteString(w, text)
		return true
	}
}

// firstOf returns the first of the errors that err matches, or nil.
func firstOf(err error, known ...error) error {
	for _, k := range known {
		if errors.Is(err, k) {
			return k
		}
	}
	return nil
}
