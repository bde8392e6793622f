package routertest

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

func mountChi(user http.Handler) served {
	r := chi.NewRouter()
	r.Handle("/users/{userId}", user)
	return onNetHTTP{r}
}

func chiByMethod(get, patch http.Handler) served {
	r := chi.NewRouter()
	r.Method(http.MethodGet, "/users/{userId}", get)
	r.Method(http.MethodPatch, "/users/{userId}", patch)
	return onNetHTTP{r}
}
