// Userserver serves PATCH /users/{userId} for trying it out and for tests of
// clients:
//
//	go run ./httphandler/userserver
//
// It prints a curl line to try. Without configuration it knows three demo
// tokens and listens on loopback only; see -h.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(context.Background())
	// Stop comes first, so that a second signal ends the process at once.
	context.AfterFunc(signals, func() { stop(); cancel() })
	os.Exit(run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// The exit statuses.
const (
	exitOK      = 0 // after a signal or -h
	exitFailure = 1 // at run time
	exitUsage   = 2
)

// run serves until ctx is done and returns the exit status.
func run(ctx context.Context, args []string, lookupEnv lookupEnv, stdout, stderr io.Writer) int {
	logger := slog.New(slog.NewTextHandler(stderr, nil))
	err := start(ctx, args, lookupEnv, stdout, logger)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		printHelp(stdout)
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "userserver: %v\nuserserver: -h lists every flag\n", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "userserver: %v\n", err)
	return exitFailure
}

func start(ctx context.Context, args []string, lookupEnv lookupEnv, stdout io.Writer, logger *slog.Logger) (err error) {
	cfg, err := configure(args, lookupEnv, logger)
	if err != nil {
		return err
	}
	if cfg.fault == faultList {
		return listFaults(stdout)
	}
	users := seed(cfg.failing)
	store, closeStore, err := openStore(ctx, cfg, users)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	mux, err := newMux(store, cfg, logger)
	if err != nil {
		return err
	}
	listener, err := listen(cfg)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := greet(stdout, cfg, listener.Addr(), users); err != nil {
		return err
	}
	logger.Info("listening", "addr", listener.Addr().String(), "users", len(users), "demo_tokens", cfg.tokens.demo)
	server := newServer(mux, logger)
	return serve(ctx, server, listener, shutdownTimeout, logger)
}
