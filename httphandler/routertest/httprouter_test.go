package routertest

import (
	"net/http"

	"github.com/julienschmidt/httprouter"
)

func mountHTTPRouter(user http.Handler) served {
	r := httprouter.New()
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		r.Handler(method, "/users/:userId", user)
	}
	return onNetHTTP{r}
}

func httpRouterByMethod(get, patch http.Handler) served {
	r := httprouter.New()
	r.Handler(http.MethodGet, "/users/:userId", get)
	r.Handler(http.MethodPatch, "/users/:userId", patch)
	return onNetHTTP{r}
}
