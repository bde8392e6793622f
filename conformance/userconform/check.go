package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// runCheck runs the command check.
func runCheck(ctx context.Context, args []string, env lookupEnv, stdout, stderr io.Writer) int {
	cfg, err := configure(args, env)
	if errors.Is(err, flag.ErrHelp) {
		printCheckHelp(stdout)
		return exitConformant
	}
	if err != nil {
		return complain(stderr, "check", err)
	}
	files, err := prepareReports(cfg.reports)
	if err == nil {
		err = files.forget()
	}
	if err != nil {
		return complain(stderr, "check", err)
	}
	again := newAgain(args, &cfg.options)
	p := newProgress(cfg.quiet, stdout, stderr, env)
	cfg.options.Progress = func(done, total int, r conformance.Result) {
		p.result(done, total, again.in(resultInFlags(r, cfg.header)))
	}
	disarm := context.AfterFunc(ctx, p.stopping)
	if cfg.target.TLS != nil && cfg.target.TLS.InsecureSkipVerify {
		p.warn("-insecure: the server's certificate is NOT CHECKED, and whoever is in between can read the tokens")
	}
	await(ctx, cfg, p)
	report, err := servertest.Check(ctx, cfg.target, &cfg.options)
	disarm()
	if err != nil {
		files.discard()
		return complain(stderr, "check", errorInFlags(err))
	}
	report = reportInFlags(report, cfg.header)
	again.inAll(report)
	notWritten := files.write(report)
	p.end(report)
	if notWritten == nil && !cfg.quiet {
		files.names(stdout)
	}
	status, line := conclude(report, notWritten)
	fmt.Fprintln(stdout, line)
	return status
}
