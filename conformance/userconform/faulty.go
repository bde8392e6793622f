package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance/faulty"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// faultyFlags are the flags of the command faulty as given.
type faultyFlags struct {
	addr string
	list bool
}

func newFaultyFlagSet(f *faultyFlags) *flag.FlagSet {
	set := flag.NewFlagSet("faulty", flag.ContinueOnError)
	set.SetOutput(io.Discard) // runFaulty reports errors
	set.StringVar(&f.addr, "addr", "127.0.0.1:8080", "listen on `HOST:PORT`, on loopback; port 0 picks a free one")
	set.BoolVar(&f.list, "list", false, "print the names of all faults")
	return set
}

// runFaulty runs the command faulty: it serves until ctx is done, or lists the faults.
func runFaulty(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var f faultyFlags
	set := newFaultyFlagSet(&f)
	err := set.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printFaultyHelp(stdout)
		return exitConformant
	case err != nil:
	case f.list && set.NArg() == 0:
		err = listFaults(stdout)
	case !f.list && set.NArg() == 1:
		err = serveFault(ctx, f.addr, set.Arg(0), stdout)
	default:
		err = usagef("want the flags, and then the name of one fault or -list alone")
	}
	if err != nil {
		return complain(stderr, "faulty", err)
	}
	return exitConformant
}

func listFaults(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range faulty.Faults() {
		fmt.Fprintf(table, "%s\t%s\n", f.Name, f.Title)
	}
	return table.Flush()
}

// The users of a faulty server: one to patch, one that nobody may touch, and one
// whose patches fail.
var (
	faultyUser    = userstore.ExampleUser()
	faultyOther   = userstore.User{ID: uuid.MustParse("5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90"), Attributes: userstore.Attributes{FirstName: userstore.Value("Maria")}}
	faultyFailing = userstore.User{ID: uuid.MustParse("0a7e6b1c-44f2-4c1d-8e0a-93b1d2c4e5f6")}
)

// The tokens of a faulty server.
const (
	faultyToken     = "demo-token"
	faultyForbidden = "demo-forbidden"
	faultyUnlinked  = "demo-unlinked"
)

// newFaulty returns the routes with the fault of that name.
func newFaulty(name string) (http.Handler, error) {
	store := memstore.New(faultyUser, faultyOther, faultyFailing)
	access := httphandler.StaticTokens(map[string]httphandler.Grant{
		faultyToken:     httphandler.GrantWrite,
		faultyForbidden: httphandler.GrantNone,
		faultyUnlinked:  httphandler.GrantUnlinked,
	})
	h, err := faulty.New(name, failingStore{store, faultyFailing.ID}, access, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", h)
	return mux, nil
}

// failingStore fails to patch one user.
type failingStore struct {
	userstore.Store
	failing uuid.UUID
}

func (s failingStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if id == s.failing {
		return userstore.User{}, errors.New("every patch of this user fails")
	}
	return s.Store.Patch(ctx, id, patch)
}

// serveFault serves the fault of that name until ctx is done.
func serveFault(ctx context.Context, addr, name string, stdout io.Writer) error {
	h, err := newFaulty(name)
	if err != nil {
		return fmt.Errorf("%w (-list prints all names)", err)
	}
	listener, err := listenOnLoopback(addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := greet(stdout, listener.Addr(), name); err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("cannot serve: %w", err)
	}
	return nil
}

// greet prints what is served, and a line that finds the fault. It is strict, as many
// faults break only a SHOULD.
func greet(w io.Writer, addr net.Addr, name string) error {
	_, err := fmt.Fprintf(w, `Listening on %[1]s, with the fault %[2]s on purpose
PATCH http://%[1]s/users/{userId}
To find it, from another terminal:
ACCESS_TOKEN=%[3]s FORBIDDEN_TOKEN=%[4]s UNLINKED_TOKEN=%[5]s userconform check -url http://%[1]s -user %[6]s -other-user %[7]s -failing-user %[8]s -strict
`, addr, name, faultyToken, faultyForbidden, faultyUnlinked, faultyUser.ID, faultyOther.ID, faultyFailing.ID)
	return err
}

func printFaultyHelp(w io.Writer) {
	io.WriteString(w, faultyHelp)
	set := newFaultyFlagSet(new(faultyFlags))
	set.SetOutput(w)
	set.PrintDefaults()
}

const faultyHelp = `Usage: userconform faulty [-addr HOST:PORT] NAME

       userconform faulty -list

Serves the operation with the fault of that name, until SIGINT or SIGTERM, to show
what userconform check says of it. It listens on loopback only, and keeps its users
in memory. It prints the command that finds the fault: with -strict, as many faults
break only a SHOULD.

Flags:
`
