// Userconform finds out whether a server does what the documented operation
// PATCH /users/{userId} asks for:
//
//	go install ./conformance/userconform
//	ACCESS_TOKEN=... userconform check -url http://127.0.0.1:8080 -user ID
//
// See userconform help.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/userrecord/userrecord/conformance/render"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	onSignal(cancel)
	log.SetOutput(io.Discard) // net/http would log what a server sends unasked
	os.Exit(run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// The exit statuses.
const (
	exitConformant    = 0 // or help, a list, or a faulty server that was stopped
	exitNonConformant = 1
	exitInconclusive  = 2
)

// lookupEnv is [os.LookupEnv] or the like.
type lookupEnv = func(name string) (string, bool)

// run runs the command that the arguments name, and returns the exit status. When ctx is
// done, a check stops, restores the user and is inconclusive, and a faulty server ends.
func run(ctx context.Context, args []string, env lookupEnv, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		io.WriteString(stdout, helpText)
		return complain(stderr, "", usagef("nothing was checked: name a command"))
	}
	switch command, rest := args[0], args[1:]; command {
	case "check":
		return runCheck(ctx, rest, env, stdout, stderr)
	case "list":
		return runList(rest, stdout, stderr)
	case "faulty":
		return runFaulty(ctx, rest, stdout, stderr)
	case "help", "-h", "-help", "--help":
		return help(rest, stdout, stderr)
	case "version", "-version", "--version":
		printVersion(stdout)
		return exitConformant
	}
	if strings.HasPrefix(args[0], "-") {
		return complain(stderr, "", usagef("the command comes before the flags: userconform check -url BASE -user ID"))
	}
	// Not shown: somebody may take a token for an argument.
	return complain(stderr, "", usagef("there is no such command: use check, list, faulty, version or help"))
}

// usageError is a mistake of the person who runs the command.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// strayArguments does not show the arguments: somebody may take a token for one.
func strayArguments(n int) error {
	if n == 1 {
		return usagef("there is an argument that belongs to no flag: remove it")
	}
	return usagef("there are %d arguments that belong to no flag: remove them", n)
}

// complain prints, in one line, why nothing was done.
func complain(stderr io.Writer, command string, err error) int {
	hint := strings.TrimSpace("userconform " + command)
	fmt.Fprintf(stderr, "userconform: %s (%s -h tells more)\n", render.Line(err.Error()), hint)
	return exitInconclusive
}

// help prints the help of the command that the arguments name, or of userconform.
func help(args []string, stdout, stderr io.Writer) int {
	switch strings.Join(args, " ") {
	case "check":
		printCheckHelp(stdout)
	case "list":
		printListHelp(stdout)
	case "faulty":
		printFaultyHelp(stdout)
	case "":
		io.WriteString(stdout, helpText)
	default:
		return complain(stderr, "", usagef("there is no help on that: use help check, help list or help faulty"))
	}
	return exitConformant
}

const helpText = `Userconform finds out whether a server does what the documented operation
PATCH /users/{userId} asks for.

Usage:

  userconform check -url BASE -user ID [flags]   check a server (-h lists the flags)
  userconform list [-json]                       print the requirements
  userconform faulty NAME                        serve with a fault, to see a red report
  userconform version                            print the version, and the commit that was built
  userconform help [check|list|faulty]

The tokens come from the environment, and from nowhere else:

  ACCESS_TOKEN     may write the users; required
  FORBIDDEN_TOKEN  authenticated, and may not write the users
  UNLINKED_TOKEN   its linked identity is missing: the user must also have logged in
                   with a third party

A header field that a gateway asks for is given by -header, its value in a variable
or a file.

Exit status of check:

  0  conformant
  1  not conformant
  2  inconclusive: bad usage or configuration, the server cannot be reached or
     read, no MUST requirement could run, the run was stopped, the user could not
     be restored, or a report could not be written

The last line says why. (Under go run, every status but 0 becomes 1.)
`
