package routertest

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"
)

// What docs/routers.md warns of. If one of these tests fails, a router has changed: then
// the page can say less.
func TestTraps(t *testing.T) {
	users := newUsers()
	get, patch := users[http.MethodGet], users[http.MethodPatch]
	tests := []struct {
		name         string
		mount        func() served
		method, path string
		want         answer
	}{
		{"chi: Handle replaces the Get before it", func() served {
			r := chi.NewRouter()
			r.Method(http.MethodGet, "/users/{userId}", get)
			r.Handle("/users/{userId}", patch)
			return onNetHTTP{r}
		}, http.MethodGet, "", answer{status: 405, allow: "PATCH"}},
		{"ServeMux: the handler for all methods does not know of the GET", func() served {
			mux := http.NewServeMux()
			mux.Handle("GET /users/{userId}", get)
			mux.Handle("/users/{userId}", patch)
			return onNetHTTP{mux}
		}, http.MethodDelete, "", answer{status: 405, allow: "PATCH"}},
		{"echo v4: the last parameter takes several segments", func() served {
			return echoV4ByMethod(get, patch)
		}, http.MethodGet, "other/", answer{status: 200}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := send(t, tt.method, tt.mount().start(t)+"/users/"+tt.path+exampleID.String())
			if got.status != tt.want.status || got.allow != tt.want.allow {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// The second route of clients that name the path after the type.
func TestSecondRoute(t *testing.T) {
	user := newUsers()
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", user)
	mux.Handle("/User/{userId}", user)
	base := onNetHTTP{mux}.start(t)
	for _, path := range []string{"/users/", "/User/"} {
		if got := patch(t, base+path+exampleID.String()); got.status != 200 {
			t.Errorf("%s: %+v", path, got)
		}
	}
}
