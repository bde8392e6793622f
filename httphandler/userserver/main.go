// Userserver serves PATCH /users/{userId}, to try it out and to test clients:
//
//	go run ./httphandler/userserver
//
// It prints a curl line to try. By default it keeps the users in the SQLite file
// users.db, accepts three demo tokens and listens on loopback only; -h lists the
// flags. The commands import and export read and write users as JSON lines, and version
// prints the version.
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
	// stop comes first, so that a second signal ends the process at once.
	context.AfterFunc(signals, func() { stop(); cancel() })
	os.Exit(run(ctx, os.Args[1:], process{os.LookupEnv, os.Stdin, os.Stdout, os.Stderr}))
}

// The exit statuses.
const (
	exitOK      = 0 // after a signal or -h
	exitFailure = 1 // at run time
	exitUsage   = 2
)

// A process is the environment and the standard streams of a command.
type process struct {
	lookupEnv      lookupEnv
	stdin          io.Reader
	stdout, stderr io.Writer
}

// A command is one thing that userserver does.
type command struct {
	run  func(ctx context.Context, args []string, p process) error
	help func(io.Writer)
}

// commands are named by the first argument. Serving is the default.
var commands = map[string]command{
	"import":  {importCommand, printImportHelp},
	"export":  {exportCommand, printExportHelp},
	"version": {versionCommand, printHelp},
}

// run runs a command until it ends or ctx is done, and returns the exit status.
func run(ctx context.Context, args []string, p process) int {
	title, c := "userserver", command{start, printHelp}
	if len(args) > 0 && commands[args[0]].run != nil {
		title, c, args = title+" "+args[0], commands[args[0]], args[1:]
	}
	err := c.run(ctx, args, p)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		c.help(p.stdout)
		return exitOK
	case errors.Is(err, errVersion):
		printVersion(p.stdout)
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(p.stderr, "%[1]s: %[2]v\n%[1]s: -h lists every flag\n", title, err)
		return exitUsage
	}
	fmt.Fprintf(p.stderr, "%s: %v\n", title, err)
	return exitFailure
}

func newLogger(p process) *slog.Logger { return slog.New(slog.NewTextHandler(p.stderr, nil)) }

// start serves until ctx is done.
func start(ctx context.Context, args []string, p process) (err error) {
	logger := newLogger(p)
	cfg, err := configure(args, p.lookupEnv, logger)
	if err != nil {
		return err
	}
	// First, so that no file or table is created if the port is in use.
	listener, err := listenOn("-addr", cfg.addr, cfg.host)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := cfg.control.listen(); err != nil {
		return err
	}
	defer cfg.control.close()
	store, err := open(ctx, cfg, logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	if err := printGreeting(p.stdout, cfg, listener.Addr(), store.toTry); err != nil {
		return err
	}
	logger.Info("listening", "addr", listener.Addr().String(), "demo_tokens", cfg.tokens.demo)
	mux := newMux(store, cfg, logger)
	addProbes(ctx, mux, store.check, logger)
	cfg.control.serve(ctx, store.fake, logger)
	server := newServer(mux, logger)
	server.TLSConfig = cfg.cert.config()
	return serve(ctx, server, listener, shutdownTimeout, logger)
}
