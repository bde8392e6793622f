package httphandler_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A GET of the host's own stands beside the handler: it asks the same Access, reads the
// same Store, and answers with the same documents.
func ExampleMethods() {
	store := memstore.New(userstore.ExampleUser())
	access := httphandler.StaticTokens(map[string]httphandler.Grant{"s3cret": httphandler.GrantWrite})
	get := func(w http.ResponseWriter, r *http.Request) error {
		ctx, id, err := access.Admit(r) // who may patch may read
		if err != nil {
			return err
		}
		user, err := store.Get(ctx, id)
		if err != nil {
			return err
		}
		return httphandler.WriteUser(w, http.StatusOK, user)
	}
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", httphandler.Methods{
		http.MethodPatch: httphandler.New(store, access, nil),
		http.MethodGet: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := get(w, r); err != nil {
				httphandler.WriteError(w, r, err) // its result is the id for your log
			}
		}),
	})

	for _, request := range []string{
		"GET /users/" + handlertest.ExampleID,
		"GET /users/00000000-0000-4000-8000-000000000000",
		"DELETE /users/" + handlertest.ExampleID,
	} {
		method, path, _ := strings.Cut(request, " ")
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Authorization", "Bearer s3cret")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Println(method, w.Code, w.Header().Get("Allow"), strings.Contains(w.Body.String(), `"firstName":"John"`))
	}
	// Output:
	// GET 200  true
	// GET 404  false
	// DELETE 405 GET, HEAD, PATCH false
}
