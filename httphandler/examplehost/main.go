// Examplehost is an application that has accounts of its own, and serves the documented
// PATCH /users/{userId} over them, beside a GET, a list, a create and a delete. It is
// there to be read, tried (see README.md) and copied.
//
// Begin with accounts.go, which is what package sqlstore has to know of the accounts, and
// routes.go, which mounts the handler.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	command := serve
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "token" {
		command, args = printToken, args[1:]
	}
	if err := command(ctx, args); err != nil {
		fmt.Fprintln(os.Stderr, "examplehost:", err)
		os.Exit(1)
	}
}

// parse takes flags and nothing else.
func parse(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
		return err
	}
	return fmt.Errorf("unexpected argument %q", flags.Arg(0))
}
