package routertest

import "net/http"

func mountServeMux(user http.Handler) served {
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", user)
	return onNetHTTP{mux}
}

func serveMuxByMethod(get, patch http.Handler) served {
	mux := http.NewServeMux()
	mux.Handle("GET /users/{userId}", get)
	mux.Handle("PATCH /users/{userId}", patch)
	return onNetHTTP{mux}
}
