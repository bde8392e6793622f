// Bench compares the handler of package httphandler with floors, which do only part of
// the work, and with peers, which do the same patch with other libraries. Run it in a
// checkout:
//
//	go run ./httphandler/bench
//
// PERFORMANCE.md has the figures and discusses them; -h lists the flags.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// The exit statuses.
const (
	exitOK      = 0
	exitFailure = 1 // at run time
	exitUsage   = 2
)

// run runs the command and returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	err := start(ctx, args, stdin, stdout)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		printHelp(stdout)
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "bench: %v\nbench: -h lists every flag\n", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "bench: %v\n", err)
	return exitFailure
}

func start(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	if child := childOf(args); child != nil {
		return child(ctx, args[1:], stdin, stdout)
	}
	cfg, err := configure(args)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s %s/%s, %d cores, %d rounds of %v\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), cfg.rounds, cfg.time)
	return cfg.mode(ctx, cfg, stdout)
}

// childOf returns the function of a process that this command starts itself, or nil.
func childOf(args []string) func(context.Context, []string, io.Reader, io.Writer) error {
	if len(args) == 0 {
		return nil
	}
	switch args[0] {
	case serveCommand:
		return serve
	case loadCommand:
		return load
	}
	return nil
}
