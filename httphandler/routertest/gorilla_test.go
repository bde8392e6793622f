package routertest

import (
	"net/http"

	"github.com/gorilla/mux"
)

func mountGorilla(user http.Handler) served {
	r := mux.NewRouter()
	r.Handle("/users/{userId}", user)
	return onNetHTTP{r}
}

func gorillaByMethod(get, patch http.Handler) served {
	r := mux.NewRouter()
	r.Handle("/users/{userId}", get).Methods(http.MethodGet)
	r.Handle("/users/{userId}", patch).Methods(http.MethodPatch)
	return onNetHTTP{r}
}
