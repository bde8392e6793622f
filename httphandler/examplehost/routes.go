package main

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/userrecord/userrecord/httphandler"
)

// newRouter mounts the patch of the library beside the operations of our own.
func newRouter(accounts accounts, key []byte, options *httphandler.Options) http.Handler {
	users, admins := newAccess(key, options.Logger)
	own := operations{accounts, users, admins, options}
	r := chi.NewRouter()
	r.Use(logged(options.Logger))
	r.NotFound(own.handler(own.nothing).ServeHTTP)
	r.Handle("/users", httphandler.Methods{
		http.MethodGet:  own.handler(own.list),
		http.MethodPost: own.handler(own.create),
	})
	r.Handle("/users/{userId}", httphandler.Methods{
		http.MethodGet:    own.handler(own.get),
		http.MethodPatch:  httphandler.New(accounts, users, options),
		http.MethodDelete: own.handler(own.remove),
	})
	return r
}

// logged logs each request with its route instead of its path, which a client chooses.
func logged(logger *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer, start := middleware.NewWrapResponseWriter(w, r.ProtoMajor), time.Now()
			defer func() {
				logger.InfoContext(r.Context(), "request", "method", r.Method, "route", chi.RouteContext(r.Context()).RoutePattern(),
					"status", answer.Status(), "duration", time.Since(start))
			}()
			next.ServeHTTP(answer, r)
		})
	}
}
