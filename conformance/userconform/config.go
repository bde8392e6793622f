package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/userstore"
)

// config is what the flags, the environment and the files say, validated as far as that
// is possible without asking the server.
type config struct {
	target  servertest.Target
	options conformance.Options
	reports []string
	quiet   bool
	header  headerFlags
	wait    time.Duration
}

// flags are the flags of the command check as given.
type flags struct {
	config
	record, knownFailing string
	caCert, cert, key    string
	allowWrites          bool
	insecure             bool
}

func newFlagSet(f *flags) *flag.FlagSet {
	set := flag.NewFlagSet("check", flag.ContinueOnError)
	set.SetOutput(io.Discard) // run reports errors
	t, o := &f.target, &f.options
	set.StringVar(&t.URL, "url", "", "the base `URL`, under which /users/{userId} is served; required")
	set.Func("user", "the `ID` of the user that is patched, and restored at the end; required", idFlag(&t.User))
	set.Func("other-user", "the `ID` of another user whom ACCESS_TOKEN may write too; must never change", idFlag(&t.OtherUser))
	set.Func("unknown-user", "an `ID` that no user has (default: a random one)", idFlag(&t.UnknownUser))
	set.Func("failing-user", "the `ID` of a user whose PATCH makes the server fail internally", idFlag(&t.FailingUser))
	set.Func("record", "read the user's current attributes, a JSON object, from `FILE`: for a server that refuses a patch without attributes", nameFlag(&f.record))
	set.BoolVar(&t.ReadByGet, "read-get", false, "read users with GET of the same URL, if the server has it")
	set.Func("managed", "`ATTRIBUTES` that are never written, such as email,phoneNumber", listFlag(&t.Managed))
	set.Var(&f.header, "header", "send the `FIELD` with every request, such as 'X-Api-Key: $API_KEY' (in single quotes: the value is that of the variable) or 'X-Api-Key: @FILE'; repeatable")
	set.Func("cacert", "trust the certificates in `FILE` (PEM) too, besides those of the system", nameFlag(&f.caCert))
	set.Func("cert", "show the server the certificate in `FILE` (PEM), for one that asks its clients for one", nameFlag(&f.cert))
	set.Func("key", "the `FILE` (PEM) with the private key of -cert", nameFlag(&f.key))
	set.BoolVar(&f.insecure, "insecure", false, "do not check the server's certificate: whoever is in between can read the tokens")
	set.Var(durationFlag(&f.wait, 0), "wait", "wait at most this `DURATION`, such as 60s, until the server answers, before the run begins")
	set.BoolVar(&o.Strict, "strict", false, "a SHOULD that fails counts as a MUST")
	set.Func("run", "check only requirements whose ids match `PATTERNS`, such as merge.*,success.status; repeatable", listFlag(&o.Run))
	set.Func("skip", "leave out requirements whose ids match `PATTERNS`; repeatable", listFlag(&o.Skip))
	set.Func("known-failing", "do not count the failures that `FILE` lists: an id and a reason a line, # begins a comment; a listed one that passes counts as a failure", nameFlag(&f.knownFailing))
	set.Func("report", "write a report to `FILE`: .json, .xml (JUnit), .md or .html; repeatable", f.addReport)
	set.Float64Var(&o.Rate, "rate", 0, "send at most `N` requests a second (0: no limit)")
	set.Var(durationFlag(&o.Timeout, 10*time.Second), "timeout", "wait for each answer at most this `DURATION`")
	set.Var(durationFlag(&o.MaxTime, 15*time.Minute), "max-time", "end the checks after this `DURATION`, and restore the user")
	set.Uint64Var(&o.Seed, "seed", 0, "write the same values as the run with this seed, a `NUMBER` (0: a random one)")
	set.BoolVar(&o.ShowValues, "show-values", false, "let reports show the values that the users had before the run")
	set.BoolVar(&f.quiet, "quiet", false, "print the last line only")
	set.BoolVar(&f.allowWrites, "allow-writes", false, "yes, write to the users of a server that is not on this machine")
	return set
}

var errNoValue = errors.New("it is empty") // as from -user "$UNSET"

func idFlag(id *uuid.UUID) func(string) error {
	return func(s string) (err error) {
		if *id, err = userstore.ParseID(s); err != nil || *id == uuid.Nil {
			return errors.New("give an id of 36 characters, such as c0daf39b-4df5-4241-9e7d-b1b85f829090")
		}
		return nil
	}
}

// A duration is a flag whose error names the unit, which is easily forgotten.
type duration time.Duration

func durationFlag(d *time.Duration, otherwise time.Duration) *duration {
	*d = otherwise
	return (*duration)(d)
}

func (d *duration) String() string { return time.Duration(*d).String() }

// Set reads a duration in the form of [time.ParseDuration].
func (d *duration) Set(s string) error {
	parsed, err := time.ParseDuration(s)
	if err != nil {
		return errors.New("give a number and its unit, such as 5s or 2m")
	}
	*d = duration(parsed)
	return nil
}

func nameFlag(name *string) func(string) error {
	return func(s string) error {
		if s == "" {
			return errNoValue
		}
		*name = s
		return nil
	}
}

// listFlag adds the parts of a comma-separated list.
func listFlag(list *[]string) func(string) error {
	return func(s string) error {
		for item := range strings.SplitSeq(s, ",") {
			if item = strings.TrimSpace(item); item == "" {
				return errors.New("an entry is empty")
			}
			*list = append(*list, item)
		}
		return nil
	}
}

func (f *flags) addReport(name string) error {
	if _, err := render.ForFile(name); err != nil {
		return err
	}
	f.reports = append(f.reports, name)
	return nil
}

// configure reads the arguments, the environment and the files that they name. Its
// errors are usage errors, or [flag.ErrHelp].
func configure(args []string, env lookupEnv) (*config, error) {
	var f flags
	set := newFlagSet(&f)
	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil, err
	case err != nil:
		return nil, usageError{err}
	case set.NArg() > 0:
		return nil, strayArguments(set.NArg())
	}
	for _, read := range []func() error{
		func() error { return checkURL(f.target.URL, f.allowWrites) },
		f.checkUsers,
		func() error { return readTokens(&f.target, env) },
		func() error { return f.readHeader(env) },
		f.readTLS,
		f.checkWait,
		f.readRecord,
		f.readKnownFailing,
		f.checkReports,
	} {
		if err := read(); err != nil {
			return nil, usageError{err}
		}
	}
	return &f.config, nil
}

// checkUsers refuses fixtures that are the same user: they would make a correct server
// fail.
func (f *flags) checkUsers() error {
	t := &f.target
	if t.User == uuid.Nil {
		return errors.New("-user is missing: name the user to patch")
	}
	seen := map[uuid.UUID]string{}
	for _, fixture := range []struct {
		flag string
		id   uuid.UUID
	}{{"-user", t.User}, {"-other-user", t.OtherUser}, {"-unknown-user", t.UnknownUser}, {"-failing-user", t.FailingUser}} {
		if first, ok := seen[fixture.id]; ok && fixture.id != uuid.Nil {
			return fmt.Errorf("%s and %s are the same user", first, fixture.flag)
		}
		seen[fixture.id] = fixture.flag
	}
	return nil
}

func printCheckHelp(w io.Writer) {
	fmt.Fprintf(w, checkHelp, aboutRequests)
	set := newFlagSet(new(flags))
	set.SetOutput(w)
	set.PrintDefaults()
}

// aboutRequests is how many requests a whole run makes against a correct server, about. A
// wrong one gets more.
const aboutRequests = 600

const checkHelp = `Usage: ACCESS_TOKEN=... userconform check -url BASE -user ID [flags]

Checks the server and prints its verdict. It writes only to the user it is given,
restores that user's record at the end, also after a failure or Ctrl-C, and sends
neither DELETE nor PUT. A run makes about %d requests, and more of a server
that is wrong.
Many really change the user, and trigger whatever a change triggers: e-mails, webhooks,
audit rows. Every request names its requirement in the header field
Userconform-Requirement. A check whose fixture is absent is not run, which never
counts as passed. userconform help explains the tokens and the exit statuses.

Flags:
`
