package routertest

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// listed has All, as sqlstore.Store has.
type listed struct {
	*memstore.Store
	ids []uuid.UUID
}

func (s listed) All(ctx context.Context) iter.Seq2[userstore.User, error] {
	return func(yield func(userstore.User, error) bool) {
		for _, id := range s.ids {
			if !yield(s.Get(ctx, id)) {
				return
			}
		}
	}
}

// mountList serves a list and a create.
func mountList(store listed) served {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users", func(w http.ResponseWriter, r *http.Request) {
		if err := httphandler.WriteUsers(w, store.All(r.Context())); err != nil {
			httphandler.WriteError(w, r, err)
		}
	})
	mux.HandleFunc("POST /users", func(w http.ResponseWriter, r *http.Request) {
		if err := createUser(w, r, store); err != nil {
			httphandler.WriteError(w, r, err)
		}
	})
	return onNetHTTP{mux}
}

func createUser(w http.ResponseWriter, r *http.Request, store listed) error {
	attributes, err := httphandler.ReadNewUser(w, r, nil) // or the options of New
	if err != nil {
		return err
	}
	user, err := store.Create(r.Context(), userstore.User{ID: uuid.New(), Attributes: attributes})
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/users/"+user.ID.String())
	return httphandler.WriteUser(w, http.StatusCreated, user)
}

func TestListAndCreate(t *testing.T) {
	users := []userstore.User{userstore.ExampleUser(), {ID: otherID, CreatedAt: userstore.ExampleUser().CreatedAt}}
	store := listed{memstore.New(users...), []uuid.UUID{exampleID, otherID}}
	url := mountList(store).start(t) + "/users"
	want, err := httphandler.AppendUsers(nil, users)
	require.NoError(t, err)
	if d := cmp.Diff(answer{status: 200, document: true, body: string(want)}, send(t, http.MethodGet, url), cmp.AllowUnexported(answer{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for body, want := range map[string]int{`{"data":{"type":"User","attributes":{"firstName":"Jane"}}}`: 201, noChange: 403, `{}`: 422} {
		r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", httphandler.MediaType)
		got := do(t, r)
		if got.status != want || !got.document || strings.Contains(got.body, `"Jane"`) != (want == 201) {
			t.Errorf("%s: %+v", body, got)
		}
	}
	broken := listed{store.Store, []uuid.UUID{exampleID, uuid.New()}}
	if got := send(t, http.MethodGet, mountList(broken).start(t)+"/users"); got.status != 404 || !got.document {
		t.Errorf("%+v", got)
	}
}
