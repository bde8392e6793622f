package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/userrecord/userrecord/conformance/servertest"
)

// check checks the server that args name.
func check(ctx context.Context, args []string, env lookupEnv, stdout, stderr io.Writer) int {
	cfg, err := configure(args, env)
	if errors.Is(err, flag.ErrHelp) {
		printCheckHelp(stdout)
		return exitConformant
	}
	if err != nil {
		return complain(stderr, "check", err)
	}
	files, err := createReports(cfg.reports)
	if err != nil {
		return complain(stderr, "check", err)
	}
	p := newProgress(cfg.quiet, stdout, stderr, env)
	cfg.options.Progress = p.result
	disarm := context.AfterFunc(ctx, p.stopping)
	report, err := servertest.Check(ctx, cfg.target, &cfg.options)
	disarm()
	if err != nil {
		files.discard()
		return complain(stderr, "check", errors.New(strings.ReplaceAll(err.Error(), "conformance: ", "")))
	}
	notWritten := files.write(report)
	p.end(report)
	if notWritten == nil && !cfg.quiet {
		files.names(stdout)
	}
	status, line := conclude(report, notWritten)
	fmt.Fprintln(stdout, line)
	return status
}
