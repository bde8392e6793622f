package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// pagePrefix is the prefix of the path in the documented page.
const pagePrefix = "/user/2025-1"

const (
	readHeaderTimeout = 5 * time.Second
	// Longer than the handler's own limit, so that the handler can answer.
	readTimeout = readHeaderTimeout + httphandler.DefaultBodyTimeout + 5*time.Second
	// At most two calls, each of which the store may continue for another second.
	storeTime       = 2 * (httphandler.DefaultStoreTimeout + time.Second)
	writeTimeout    = readTimeout + storeTime + 3*time.Second
	idleTimeout     = time.Minute
	maxHeaderBytes  = 16 << 10
	shutdownTimeout = storeTime + 3*time.Second
)

// newMux returns the routes.
func newMux(store userstore.Store, cfg config, logger *slog.Logger) *http.ServeMux {
	handler := newHandler(store, cfg, logger)
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", handler)
	mux.Handle(pagePrefix+"/users/{userId}", handler)
	mux.HandleFunc("GET /openapi.json", serveOpenAPI)
	return mux
}

// serveOpenAPI describes the routes of users, which need a token, to anybody.
func serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(httphandler.OpenAPI("/", pagePrefix))
}

func newServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// serve serves until ctx is done, and then waits up to patience for the requests in
// flight.
func serve(ctx context.Context, server *http.Server, listener net.Listener, patience time.Duration, logger *slog.Logger) error {
	failed := make(chan error, 1)
	serve := server.Serve
	if server.TLSConfig != nil {
		serve = func(l net.Listener) error { return server.ServeTLS(l, "", "") }
	}
	go func() { failed <- serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("cannot serve: %w", err)
	case <-ctx.Done():
	}
	logger.Info("shutting down; a second signal ends at once", "patience", patience)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		logger.Warn("requests in flight were cut off", "err", err)
		server.Close()
	}
	logger.Info("stopped")
	return nil
}
