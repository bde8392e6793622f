package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/userrecord/userrecord/conformance/faulty"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
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

// newMux returns the routes, with the fault of cfg if it has one.
func newMux(store userstore.Store, cfg config, logger *slog.Logger) (*http.ServeMux, error) {
	handler, err := faulty.New(cfg.fault, store, httphandler.StaticTokens(cfg.tokens.grants), logger)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", handler)
	mux.Handle(pagePrefix+"/users/{userId}", handler)
	return mux, nil
}

// faultList is the name that lists all faults.
const faultList = "list"

func knownFault(name string) error {
	if name == faultList {
		return nil
	}
	_, err := faulty.New(name, new(memstore.Store), httphandler.InsecureAllowEveryone(), nil)
	return err
}

// listFaults prints the names for -break.
func listFaults(w io.Writer) error {
	for _, f := range faulty.Faults() {
		if _, err := fmt.Fprintf(w, "%-32s %s\n", f.Name, f.Title); err != nil {
			return fmt.Errorf("cannot write to the standard output: %w", err)
		}
	}
	return nil
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
	go func() { failed <- server.Serve(listener) }()
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
