package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/userrecord/userrecord/httphandler"
)

// serve serves until ctx is done.
func serve(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("examplehost", flag.ExitOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "`ADDRESS` to listen on")
	file := flags.String("db", "accounts.db", "SQLite `FILE`, unless DATABASE_URL names a PostgreSQL database")
	keyFile := flags.String("jwt-key-file", "jwt.key", "`FILE` with the key of the tokens")
	if err := parse(flags, args); err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	key, err := readKey(*keyFile)
	if err != nil {
		return err
	}
	db, err := openDatabase(ctx, os.Getenv("DATABASE_URL"), *file)
	if err != nil {
		return err
	}
	defer db.Close()
	accounts, err := newAccounts(db)
	if err == nil {
		err = accounts.Check(ctx, logger) // now, rather than at the first request
	}
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	publish := func(ctx context.Context, e event) error { // to a message broker, in a real application
		logger.InfoContext(ctx, "published", "event", e)
		return nil
	}
	logger.Info("listening", "addr", listener.Addr().String())
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { worker{db, publish, logger}.run(ctx) })
	defer working.Wait()
	defer cancel()
	return serveUntil(ctx, listener, newRouter(accounts, key, &httphandler.Options{Logger: logger}))
}

// serveUntil serves until ctx is done, and then lets the requests in flight end.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      time.Minute, // after all limits of the handler, so that it can answer
		IdleTimeout:       time.Minute,
	}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		stopped <- server.Shutdown(late)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
