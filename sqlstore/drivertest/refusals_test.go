package drivertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A refusal is a patch that a constraint of the host refuses. The pointer is "" at
// engines that do not tell the column.
type refusal struct {
	name    string
	patch   string // JSON
	pointer string
	silent  map[string]bool // names of dialects
}

var (
	mySQLs = map[string]bool{"MySQL": true, "MariaDB": true}
	sqlite = map[string]bool{"SQLite": true}
)

var refusals = []refusal{
	{"unique", `{"email": "taken@example.org"}`, "/email", nil},
	{"unique by an odd name", `{"phoneNumber": "+1"}`, "/phoneNumber", mySQLs},
	{"NOT NULL", `{"lastName": null}`, "/lastName", nil},
	{"CHECK", `{"gender": "email"}`, "/gender", nil},
	{"foreign key", `{"address": {"country": "XX"}}`, "/address/country", sqlite},
	{"deferred foreign key", `{"locale": "xx"}`, "/locale", sqlite},
	{"unique, among others", `{"firstName": "country", "email": "taken@example.org", "zoneInfo": "locale"}`, "/email", nil},
}

func (r refusal) want(d database) string {
	if r.silent[d.dialect.String()] {
		return ""
	}
	return r.pointer
}

// What a constraint of the host refuses is invalid, and nothing has changed.
func TestConstraints(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, _ := d.constrained(t)
		first, second := constraintUser("taken@example.org", "+1"), constraintUser("free@example.org", "+2")
		create(t, store, &first, &second)
		for _, r := range refusals {
			t.Run(r.name, func(t *testing.T) {
				_, err := store.Patch(t.Context(), second.ID, decodedPatch(t, r.patch))
				wantPointer(t, "Patch", err, r.want(d))
				third := constraintUser("third@example.org", "+3")
				third.Attributes = third.Attributes.Merge(decodedPatch(t, r.patch))
				_, err = store.Create(t.Context(), third)
				wantPointer(t, "Create", err, r.want(d))
				wantUser(t, store, first)
				wantUser(t, store, second)
				if _, err := store.Get(t.Context(), third.ID); !errors.Is(err, userstore.ErrNotFound) {
					t.Errorf("after Create: %v", err)
				}
				r.overHTTP(t, store, second.ID, r.want(d))
			})
		}
	})
}

// Patches that a constraint refuses do not harm those beside them.
func TestConstraintsSpareNeighbours(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, _ := d.constrained(t)
		first := constraintUser("taken@example.org", "+1")
		create(t, store, &first)
		users := make([]userstore.User, 4*len(refusals))
		for w := range users {
			users[w] = constraintUser(fmt.Sprintf("user%d@example.org", w), fmt.Sprintf("+2%d", w))
			create(t, store, &users[w])
		}
		var all sync.WaitGroup
		for w, user := range users {
			all.Go(func() {
				if w%4 == 0 {
					bad := refusals[w/4]
					if _, err := store.Patch(t.Context(), user.ID, decodedPatch(t, bad.patch)); !errors.Is(err, userstore.ErrInvalid) {
						t.Errorf("%s: %v", bad.name, err)
					}
				} else {
					patch := values{"/firstName": fmt.Sprint("writer ", w)}.attributes()
					user.Attributes = user.Attributes.Merge(patch)
					if got, err := store.Patch(t.Context(), user.ID, patch); err != nil || got != user {
						t.Errorf("a neighbour got another user, or %v", err)
					}
				}
				wantUser(t, store, user)
			})
		}
		all.Wait()
	})
}

// overHTTP sends the patch to the handler.
func (r refusal) overHTTP(t *testing.T, store userstore.Store, id uuid.UUID, pointer string) {
	t.Helper()
	rules := &httphandler.Options{Logger: slog.New(slog.DiscardHandler), Validate: func(context.Context, userstore.Attributes) error { return nil }}
	answer := httptest.NewRecorder()
	httphandler.New(store, httphandler.InsecureAllowEveryone(), rules).ServeHTTP(answer, patchRequest(id, r.patch))
	if want := `"pointer":"/data/attributes` + pointer + `"`; answer.Code != http.StatusUnprocessableEntity || !strings.Contains(strings.ReplaceAll(answer.Body.String(), " ", ""), want) {
		t.Errorf("the handler answers %d without %s: %s", answer.Code, want, answer.Body)
	}
}

func patchRequest(id uuid.UUID, attributes string) *http.Request {
	body := fmt.Sprintf(`{"data": {"type": "User", "id": %q, "attributes": %s}}`, id, attributes)
	r := httptest.NewRequest(http.MethodPatch, "/users/"+id.String(), strings.NewReader(body))
	r.Header.Set("Content-Type", httphandler.MediaType)
	return r
}

// create creates the users, and sets them to what was created.
func create(t *testing.T, store *sqlstore.Store, users ...*userstore.User) {
	t.Helper()
	for _, u := range users {
		created, err := store.Create(t.Context(), *u)
		require.NoError(t, err)
		*u = created
	}
}

func decodedPatch(t *testing.T, text string) (patch userstore.Attributes) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &patch); err != nil {
		t.Fatal(err)
	}
	return patch
}

func wantPointer(t *testing.T, op string, err error, pointer string) {
	t.Helper()
	var invalid *userstore.InvalidError
	if !errors.Is(err, userstore.ErrInvalid) || !errors.As(err, &invalid) {
		t.Errorf("%s: %v", op, err)
		return
	}
	var got []string
	for _, p := range invalid.Problems {
		got = append(got, p.Pointer)
	}
	if diff := cmp.Diff([]string{pointer}, got); diff != "" {
		t.Errorf("%s: pointers (-want +got):\n%s", op, diff)
	}
}

func wantUser(t *testing.T, store userstore.Store, want userstore.User) {
	t.Helper()
	got, err := store.Get(t.Context(), want.ID)
	if err != nil {
		t.Error(err)
	} else if got != want {
		t.Errorf("another user (-want +got):\n%s", cmp.Diff(valuesOf(want.Attributes), valuesOf(got.Attributes)))
	}
}
