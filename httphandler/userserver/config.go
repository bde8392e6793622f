package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// config is the checked configuration from the flags and the environment.
type config struct {
	addr    string
	host    string // the host of addr
	control control
	db      database
	tokens  tokens
	failing uuid.UUID    // the user of -failing-user, or the nil UUID
	cert    *certificate // nil: no TLS
}

// lookupEnv is [os.LookupEnv], or a fake in tests.
type lookupEnv = func(name string) (string, bool)

// usageError is a mistake in the flags, the arguments or the environment.
type usageError struct{ error }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// flags are the values of the flags.
type flags struct {
	addr, db, tokenFile string
	control             string
	certFile, keyFile   string
	failing             uuid.UUID
	version             bool
}

func newFlagSet(f *flags) *flag.FlagSet {
	set := newCommandFlags(&f.db, "keep the users in "+dbUsage+", or memory, which loses them at exit")
	set.StringVar(&f.addr, "addr", "127.0.0.1:8080", "listen on `HOST:PORT`; port 0 picks a free one")
	set.StringVar(&f.control, "control", "", "serve the control endpoint for tests on `HOST:PORT`: faults, calls and records, as GET /__admin/openapi.json there says; on loopback and with -db memory only")
	set.Func("tokens", "read the tokens from `FILE` instead of "+tokensEnv, func(s string) error {
		// With -tokens "$UNSET", nobody wants the demo tokens.
		if s == "" {
			return errors.New("name a file")
		}
		f.tokenFile = s
		return nil
	})
	set.Func("failing-user", "answer a PATCH of the user `ID` with 501, to try that out; on loopback only", func(s string) (err error) {
		if f.failing, err = userstore.ParseID(s); err != nil || f.failing == uuid.Nil {
			return errors.New("give the id of a user, such as " + exampleID)
		}
		return nil
	})
	set.StringVar(&f.certFile, "tls-cert", "", "speak TLS with the certificate chain in the PEM `FILE`, which is read at the start only")
	set.StringVar(&f.keyFile, "tls-key", "", "the PEM `FILE` with the key of -tls-cert")
	set.BoolVar(&f.version, "version", false, "print the version and the commit that was built, and exit")
	return set
}

// newCommandFlags returns a set with the flags that all commands have.
func newCommandFlags(db *string, usage string) *flag.FlagSet {
	set := flag.NewFlagSet("userserver", flag.ContinueOnError)
	set.SetOutput(io.Discard) // run reports errors
	set.StringVar(db, "db", defaultDB, usage)
	return set
}

// parseFlags parses args. Its errors are usage errors, or [flag.ErrHelp].
func parseFlags(set *flag.FlagSet, args []string) error {
	err := set.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return usageError{err}
}

// configure reads args and the environment. Its errors are usage errors,
// [flag.ErrHelp], or errVersion.
func configure(args []string, lookupEnv lookupEnv, logger *slog.Logger) (config, error) {
	var f flags
	set := newFlagSet(&f)
	if err := parseFlags(set, args); err != nil {
		return config{}, err
	}
	if f.version {
		return config{}, errVersion
	}
	if set.NArg() > 0 {
		// The arguments are not shown: one may be a token.
		return config{}, usagef("%d unexpected arguments: remove them (tokens come from -tokens FILE or %s; the commands import and export come before the flags)", set.NArg(), tokensEnv)
	}
	host, err := hostOf("-addr", f.addr)
	if err != nil {
		return config{}, err
	}
	controlHost := ""
	if f.control != "" {
		if controlHost, err = hostOf("-control", f.control); err != nil {
			return config{}, err
		}
	}
	tokens, err := loadTokens(f.tokenFile, lookupEnv, logger)
	if err != nil {
		return config{}, err
	}
	db, err := findDatabase(f.db, lookupEnv)
	if err != nil {
		return config{}, err
	}
	cert, err := loadCertificate(f.certFile, f.keyFile, logger)
	if err != nil {
		return config{}, err
	}
	db.warnIgnored(lookupEnv, logger)
	cfg := config{addr: f.addr, host: host, control: control{addr: f.control, host: controlHost}, db: db, tokens: tokens, failing: f.failing, cert: cert}
	return cfg, cmp.Or(cfg.checkControl(), cfg.checkExposure())
}

// checkExposure refuses to serve other machines with a configuration that is for
// trying out.
func (c config) checkExposure() error {
	switch {
	case isLoopback(c.host):
		return nil
	case c.tokens.public():
		return usagef("-addr %q is not a loopback address, and everybody knows the demo tokens: give tokens of your own (-tokens FILE or %s), or listen on loopback, such as 127.0.0.1:8080", c.addr, tokensEnv)
	case c.failing != uuid.Nil:
		return usagef("-addr %q is not a loopback address, and -failing-user is for trying out: omit it, or listen on loopback, such as 127.0.0.1:8080", c.addr)
	}
	return nil
}

func printHelp(w io.Writer) {
	fmt.Fprintf(w, helpText, tokensEnv)
	set := newFlagSet(new(flags))
	set.SetOutput(w)
	set.PrintDefaults()
}

const helpText = `Usage: userserver [flags]
       userserver import [flags] [FILE]
       userserver export [flags] [FILE]
       userserver version

Serves PATCH /users/{userId} and PATCH /user/2025-1/users/{userId} until SIGINT
or SIGTERM, and prints a curl line to try. With tokens of your own, that line
takes one from the environment variable ACCESS_TOKEN. GET /openapi.json is the
OpenAPI 3.1 document. For probes, GET /healthz is 200 while the process answers,
and GET /readyz if its database works, or else 503.

Tokens come from a file (-tokens) or from the environment variable
%[1]s, one entry a line; in the variable commas separate
entries too. Blank lines and lines that begin with # are ignored.

  write TOKEN      may write every user
  forbidden TOKEN  may write nobody: 403
  unlinked TOKEN   its linked identity is missing: 401

With neither, three demo tokens are in force, on loopback only.

A new database begins with two example users.

Flags:
`
