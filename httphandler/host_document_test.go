package httphandler_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// sampleUsers are a full record, an empty one, and one with texts that are escaped.
func sampleUsers() []userstore.User {
	odd := userstore.ExampleUser()
	odd.ID = uuid.MustParse("5a4f8c3e-1b60-4d67-9d1e-0a7a2f5f0b11")
	odd.Attributes.FirstName = userstore.Value("\"\\<&>\x00\n\u2028é😀")
	odd.Attributes.Address = userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Int(7))})
	return []userstore.User{userstore.ExampleUser(), {}, odd}
}

// answered returns the answer of the handler to a patch without attributes, of a store
// that has the user.
func answered(t *testing.T, user userstore.User) *httptest.ResponseRecorder {
	t.Helper()
	h := httphandler.New(recordStore(user, user), httphandler.InsecureAllowEveryone(), nil)
	body := fmt.Sprintf(`{"data":{"type":"User","id":"%s"}}`, user.ID)
	r := httptest.NewRequest(http.MethodPatch, "/users/"+user.ID.String(), strings.NewReader(body))
	r.Header.Set("Content-Type", httphandler.MediaType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 200 {
		t.Fatalf("status %d, %s", w.Code, w.Body)
	}
	return w
}

// A host's own GET shows the bytes that the handler answers.
func TestUserIsWrittenAsTheHandlerDoes(t *testing.T) {
	for _, user := range sampleUsers() {
		want := answered(t, user)
		got := httptest.NewRecorder()
		require.NoError(t, httphandler.WriteUser(got, 200, user))
		if d := cmp.Diff(want.Header(), got.Header()); d != "" {
			t.Errorf("header (-handler +WriteUser):\n%s", d)
		}
		if d := cmp.Diff(want.Body.String(), got.Body.String()); d != "" {
			t.Errorf("body (-handler +WriteUser):\n%s", d)
		}
		appended, err := httphandler.AppendUser([]byte("before"), user)
		require.NoError(t, err)
		if d := cmp.Diff("before"+want.Body.String(), string(appended)); d != "" {
			t.Errorf("(-handler +AppendUser):\n%s", d)
		}
		resource, err := httphandler.AppendResource([]byte(`{"data":`), user)
		require.NoError(t, err)
		if d := cmp.Diff(want.Body.String(), string(resource)+"}\n"); d != "" {
			t.Errorf("(-handler +AppendResource):\n%s", d)
		}
	}
}

func TestStatusOfWriteUser(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set("Location", "/users/1")
	require.NoError(t, httphandler.WriteUser(w, 201, userstore.ExampleUser()))
	got := []string{w.Result().Status, w.Header().Get("Location"), w.Header().Get("Content-Type")}
	if d := cmp.Diff([]string{"201 Created", "/users/1", httphandler.MediaType}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// listOf returns the document of a list, made of the handler's answers.
func listOf(t *testing.T, users []userstore.User) string {
	t.Helper()
	var resources []string
	for _, user := range users {
		body := answered(t, user).Body.String()
		resources = append(resources, body[len(`{"data":`):len(body)-len("}\n")])
	}
	return `{"data":[` + strings.Join(resources, ",") + "]}\n"
}

func all(users []userstore.User, err error) iter.Seq2[userstore.User, error] {
	return func(yield func(userstore.User, error) bool) {
		for _, user := range users {
			if !yield(user, nil) {
				return
			}
		}
		if err != nil {
			yield(userstore.User{}, err)
		}
	}
}

func TestListIsWrittenAsTheHandlerDoes(t *testing.T) {
	many := make([]userstore.User, 0, 300)
	for range 100 {
		many = append(many, sampleUsers()...)
	}
	for _, users := range [][]userstore.User{nil, sampleUsers()[:1], sampleUsers(), many} {
		want := listOf(t, users)
		appended, err := httphandler.AppendUsers([]byte("before"), users)
		require.NoError(t, err)
		if d := cmp.Diff("before"+want, string(appended)); d != "" {
			t.Errorf("%d users (-want +AppendUsers):\n%s", len(users), d)
		}
		w := httptest.NewRecorder()
		require.NoError(t, httphandler.WriteUsers(w, all(users, nil)))
		if d := cmp.Diff(want, w.Body.String()); d != "" {
			t.Errorf("%d users (-want +WriteUsers):\n%s", len(users), d)
		}
		if got := w.Header().Get("Content-Type"); w.Code != 200 || got != httphandler.MediaType {
			t.Errorf("%d %s", w.Code, got)
		}
	}
}

// A record that the handler refuses to show is not written at all.
func TestWrongRecordIsNotWritten(t *testing.T) {
	for _, tt := range wrongRecords {
		if strings.HasPrefix(tt.want, "id ") {
			continue // only the handler knows which user was asked for
		}
		t.Run(tt.name, func(t *testing.T) {
			wrong := userstore.ExampleUser()
			tt.spoil(&wrong)
			w := &writes{header: http.Header{}}
			appended := map[string]func([]byte) ([]byte, error){
				"AppendResource": func(dst []byte) ([]byte, error) { return httphandler.AppendResource(dst, wrong) },
				"AppendUser":     func(dst []byte) ([]byte, error) { return httphandler.AppendUser(dst, wrong) },
				"AppendUsers":    func(dst []byte) ([]byte, error) { return httphandler.AppendUsers(dst, []userstore.User{{}, wrong}) },
				"WriteUser":      func(dst []byte) ([]byte, error) { return dst, httphandler.WriteUser(w, 200, wrong) },
				"WriteUsers": func(dst []byte) ([]byte, error) {
					return dst, httphandler.WriteUsers(w, all([]userstore.User{{}, wrong}, nil))
				},
			}
			for name, call := range appended {
				got, err := call([]byte("before"))
				if !errors.Is(err, httphandler.ErrNotCanonical) || errors.Is(err, httphandler.ErrIncomplete) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%s: %v", name, err)
				}
				if string(got) != "before" {
					t.Errorf("%s returns %q", name, got)
				}
			}
			if w.status != 0 || len(w.sizes) > 0 || len(w.header) > 0 {
				t.Errorf("%+v was written", w)
			}
		})
	}
}

// writes is a ResponseWriter that keeps the sizes of the writes, and fails once it has
// taken as many as failAfter, if that is not 0.
type writes struct {
	header    http.Header
	status    int
	sizes     []int
	failAfter int
}

var errGone = errors.New("the client has gone")

func (w *writes) Header() http.Header    { return w.header }
func (w *writes) WriteHeader(status int) { w.status = status }
func (w *writes) Write(p []byte) (int, error) {
	if w.failAfter > 0 && len(w.sizes) >= w.failAfter {
		return 0, errGone
	}
	w.sizes = append(w.sizes, len(p))
	return len(p), nil
}

// endless returns n times the example user, and counts how many were asked for.
func endless(n int, asked *int, err error) iter.Seq2[userstore.User, error] {
	return func(yield func(userstore.User, error) bool) {
		for *asked = range n {
			if !yield(userstore.ExampleUser(), nil) {
				return
			}
		}
		if err != nil {
			yield(userstore.User{}, err)
		}
	}
}

// A list is written in pieces: neither one for each user nor all at once.
func TestListIsStreamed(t *testing.T) {
	w, asked := &writes{header: http.Header{}}, 0
	require.NoError(t, httphandler.WriteUsers(w, endless(10_000, &asked, nil)))
	for _, size := range w.sizes[:len(w.sizes)-1] {
		if size < 32<<10 || size > 34<<10 {
			t.Errorf("a write of %d bytes", size)
		}
	}
	if len(w.sizes) < 100 {
		t.Errorf("%d writes", len(w.sizes))
	}
}

func TestListThatStops(t *testing.T) {
	broken := errors.New("the connection is broken")
	tests := []struct {
		name       string
		users      int
		err, want  error
		failAfter  int
		incomplete bool
	}{
		{"before the first user", 0, broken, broken, 0, false},
		{"on the first page", 20, broken, broken, 0, false},
		{"on a later page", 200, broken, broken, 0, true},
		{"client gone", 200, nil, errGone, 1, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, asked := &writes{header: http.Header{}, failAfter: tt.failAfter}, 0
			err := httphandler.WriteUsers(w, endless(tt.users, &asked, tt.err))
			require.ErrorIs(t, err, tt.want)
			if got := errors.Is(err, httphandler.ErrIncomplete); got != tt.incomplete || got != (w.status == 200) {
				t.Errorf("incomplete: %v, status %d", got, w.status)
			}
			if tt.failAfter > 0 && asked > 120 {
				t.Errorf("%d users were read after the client had gone", asked)
			}
		})
	}
}

func TestWriteUserToNobody(t *testing.T) {
	w := &writes{header: http.Header{}, failAfter: 1, sizes: []int{0}}
	err := httphandler.WriteUser(w, 200, userstore.ExampleUser())
	require.ErrorIs(t, err, httphandler.ErrIncomplete)
	require.ErrorIs(t, err, errGone)
}

// The answer to a HEAD has the header of the answer to the GET, and no body.
func TestHead(t *testing.T) {
	serve := map[string]http.HandlerFunc{
		"user": func(w http.ResponseWriter, _ *http.Request) {
			if err := httphandler.WriteUser(w, 200, userstore.ExampleUser()); err != nil {
				t.Error(err)
			}
		},
		"list": func(w http.ResponseWriter, _ *http.Request) {
			asked := 0
			if err := httphandler.WriteUsers(w, endless(200, &asked, nil)); err != nil {
				t.Error(err)
			}
		},
	}
	for name, h := range serve {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(h)
			defer server.Close()
			get, head := fetch(t, http.MethodGet, server.URL), fetch(t, http.MethodHead, server.URL)
			get.Header.Del("Date")
			head.Header.Del("Date")
			if d := cmp.Diff(get.Header, head.Header); d != "" {
				t.Errorf("header (-GET +HEAD):\n%s", d)
			}
		})
	}
}

func fetch(t *testing.T, method, url string) *http.Response {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	if (len(body) > 0) != (method == http.MethodGet) || response.StatusCode != 200 {
		t.Errorf("%s: status %d, %d bytes", method, response.StatusCode, len(body))
	}
	return response
}
