package httphandler_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A host mounts the handler with its Store and its Access.
func Example() {
	id := uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090")
	store := memstore.New(userstore.User{ID: id, Attributes: userstore.Attributes{
		FirstName: userstore.Value("John"),
	}})
	access := httphandler.StaticTokens(map[string]httphandler.Grant{"s3cret": httphandler.GrantWrite})
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", httphandler.New(store, access, nil))
	server := httptest.NewServer(mux)
	defer server.Close()

	body := `{"data": {"type": "User", "id": "` + id.String() + `", "attributes": {"firstName": "Joan"}}}`
	request, _ := http.NewRequest(http.MethodPatch, server.URL+"/users/"+id.String(), strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer s3cret")
	request.Header.Set("Content-Type", httphandler.MediaType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	fmt.Println(response.Status)

	user, err := store.Get(context.Background(), id)
	name, _ := user.Attributes.FirstName.Get()
	fmt.Println(name, err)
	// Output:
	// 200 OK
	// Joan <nil>
}

// An Access of the host's own: users may patch only their own record, and nobody
// learns who else exists.
func ExampleAccess() {
	type caller struct{}
	subjects := map[string]uuid.UUID{ // instead of a token service
		"johns-token": uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090"),
	}
	access := httphandler.Access{
		Authenticate: func(r *http.Request) (context.Context, error) {
			token, err := httphandler.BearerToken(r)
			if err != nil {
				return nil, err
			}
			subject, ok := subjects[token]
			if !ok {
				return nil, httphandler.ErrInvalidToken
			}
			return context.WithValue(r.Context(), caller{}, subject), nil
		},
		Authorize: func(ctx context.Context, id uuid.UUID) error {
			if ctx.Value(caller{}) != id {
				return userstore.ErrNotFound
			}
			return nil
		},
	}
	h := httphandler.New(new(memstore.Store), access, nil)

	request := httptest.NewRequest(http.MethodPatch, "/users/00000000-0000-4000-8000-000000000000", nil)
	request.Header.Set("Authorization", "Bearer johns-token")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output: 404
}

// A host that does not let users change the e-mail address, requires phone numbers
// in E.164, and tells another service about changes.
func ExampleOptions() {
	rules := userstore.DefaultRules()
	rules.PhoneNumber = userstore.Rule{
		Want:  "a phone number in E.164, such as +14255551212",
		Valid: func(s string) bool { return strings.HasPrefix(s, "+") && !strings.ContainsAny(s, " ()-./;") },
	}
	opts := &httphandler.Options{
		Validate: func(_ context.Context, patch userstore.Attributes) error { return rules.Validate(patch) },
		AuthorizePatch: func(_ context.Context, _ uuid.UUID, patch userstore.Attributes) error {
			if !patch.Email.IsZero() {
				return &httphandler.ForbiddenError{Pointers: []string{"/email"}}
			}
			return nil
		},
		AfterCommit: func(_ context.Context, id uuid.UUID, names []string) error {
			fmt.Println("changed:", id, names)
			return nil
		},
	}
	id := uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090")
	h := httphandler.New(memstore.New(userstore.User{ID: id}), httphandler.InsecureAllowEveryone(), opts)

	for _, attributes := range []string{
		`{"phoneNumber": "+1 (425) 555-1212"}`,
		`{"email": "user@example.com"}`,
		`{"phoneNumber": "+14255551212", "gender": null}`,
	} {
		body := fmt.Sprintf(`{"data": {"type": "User", "id": %q, "attributes": %s}}`, id, attributes)
		request := httptest.NewRequest(http.MethodPatch, "/users/"+id.String(), strings.NewReader(body))
		request.Header.Set("Content-Type", httphandler.MediaType)
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, request)
		io.Copy(io.Discard, answer.Body)
		fmt.Println(answer.Code)
	}
	// Output:
	// 422
	// 403
	// changed: c0daf39b-4df5-4241-9e7d-b1b85f829090 [phoneNumber]
	// 200
}
