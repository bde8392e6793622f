package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// config is the checked configuration from the flags.
type config struct {
	mode   func(context.Context, config, io.Writer) error
	rounds int
	time   time.Duration // how long a contestant runs in a round
	svg    string        // a file name, or ""
	// profiles is the folder for the CPU profiles of the servers, or "".
	profiles string
	curves   curveSizes
	durable  durableScope
	// collect runs the garbage collector before each op is measured.
	collect bool
}

// usageError is a mistake in the flags or arguments.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// flags are the values of the flags. Zero stands for the default of the mode.
type flags struct {
	loopback, curves, durable bool
	rounds                    int
	time                      time.Duration
	svg, profiles             string
	database, dir             string
}

func newFlagSet(f *flags) *flag.FlagSet {
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(io.Discard) // run reports errors
	set.BoolVar(&f.loopback, "loopback", false, "compare over loopback, between processes (Linux)")
	set.BoolVar(&f.curves, "curves", false, "measure the handler and memstore alone, against users, size, cores and contention")
	set.BoolVar(&f.durable, "durable", false, "compare userserver with what people would write instead, over databases (Linux)")
	set.IntVar(&f.rounds, "rounds", 0, "run `N` rounds (default 21; with -loopback and -durable 7)")
	set.DurationVar(&f.time, "time", 0, "run each contestant for `DURATION` in a round (default 20ms; with -loopback and -durable 1s)")
	set.StringVar(&f.svg, "svg", "", "also draw the ratios into `FILE`; not with -curves and -durable")
	set.StringVar(&f.database, "database", "", "with -durable: only `SQLite` or PostgreSQL")
	set.StringVar(&f.dir, "dir", "", "with -durable: keep the databases below `DIR`, which must be on a disk (default the folder for temporary files)")
	set.StringVar(&f.profiles, "profiles", "", "with -loopback: write CPU profiles of the servers into the folder `DIR`")
	return set
}

// configure reads args. Its errors are usage errors, or [flag.ErrHelp].
func configure(args []string) (config, error) {
	var f flags
	set := newFlagSet(&f)
	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return config{}, err
	case err != nil:
		return config{}, usageError{err}
	case set.NArg() > 0:
		return config{}, usagef("unexpected argument %q", set.Arg(0))
	case f.rounds < 0 || f.time < 0:
		return config{}, usagef("-rounds and -time must not be negative")
	case f.loopback && f.curves || f.loopback && f.durable || f.curves && f.durable:
		return config{}, usagef("give one of -loopback, -curves and -durable")
	case f.svg != "" && filepath.Ext(f.svg) != ".svg":
		return config{}, usagef("-svg %q: the name must end in .svg", f.svg)
	case f.curves && f.svg != "":
		return config{}, usagef("-curves draws no picture: omit -svg")
	case f.durable && f.svg != "":
		return config{}, usagef("-durable draws no picture: omit -svg")
	case f.database != "" && (!f.durable || rivals[f.database] == nil):
		return config{}, usagef("-database is SQLite or PostgreSQL, with -durable")
	case f.dir != "" && !f.durable:
		return config{}, usagef("-dir is for -durable")
	case f.profiles != "" && !f.loopback:
		return config{}, usagef("-profiles is for -loopback")
	}
	return f.config(), nil
}

func (f flags) config() config {
	cfg := config{mode: compareInProcess, rounds: 21, time: 20 * time.Millisecond, svg: f.svg, profiles: f.profiles, curves: fullSizes, collect: true}
	switch {
	case f.loopback:
		cfg.mode, cfg.rounds, cfg.time = compareOverLoopback, 7, time.Second
	case f.curves:
		// With a million users in memory, collecting would take longer than measuring.
		cfg.mode, cfg.collect = drawCurves, false
	case f.durable:
		cfg.mode, cfg.rounds, cfg.time, cfg.durable = compareDurably, 7, time.Second, fullScope
		cfg.durable.dir = cmp.Or(f.dir, os.TempDir())
		if f.database != "" {
			cfg.durable.databases = []string{f.database}
		}
	}
	if f.rounds > 0 {
		cfg.rounds = f.rounds
	}
	if f.time > 0 {
		cfg.time = f.time
	}
	return cfg
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, helpText)
	set := newFlagSet(new(flags))
	set.SetOutput(w)
	set.PrintDefaults()
}

const helpText = `Usage: bench [flags]

Runs the handler, the floors and the peers in turn, with the same requests, and
prints Markdown tables of their cost as ratios to a floor in the same round: to the
mux floor in process, to the bare floor over loopback. Ratios are medians with their
quartiles; with -curves they are ratios of medians. With -durable, whole servers that
keep each patch in a database are compared with userserver.

The exit status is 0 when it has measured, 1 when something failed, 2 for wrong
flags.

`
