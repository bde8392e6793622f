package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// A transfer is the common part of the commands import and export.
type transfer struct {
	db     database
	file   string // "" for the standard input or output
	logger *slog.Logger
}

// standardStream is the name of FILE that means the standard input or output.
const standardStream = "-"

// newTransfer returns the transfer for a value of -db and the arguments after the
// flags.
func newTransfer(db string, args []string, p process) (transfer, error) {
	if len(args) > 1 {
		return transfer{}, usagef("%d arguments: give one FILE, after the flags", len(args))
	}
	from, err := findDatabase(db, p.lookupEnv)
	if err != nil {
		return transfer{}, err
	}
	if from.memory {
		return transfer{}, usagef("-db %s keeps no users beyond one process: name another database", dbMemory)
	}
	t := transfer{db: from, logger: newLogger(p)}
	from.warnIgnored(p.lookupEnv, t.logger)
	if len(args) == 1 && args[0] != standardStream {
		t.file = args[0]
	}
	return t, t.checkNotDatabase()
}

// input opens FILE for reading.
func (t transfer) input(p process) (io.ReadCloser, error) {
	if t.file == "" {
		if isTerminal(p.stdin) {
			fmt.Fprintln(p.stderr, "Reading JSON lines from the standard input; Ctrl-D ends them")
		}
		return io.NopCloser(p.stdin), nil
	}
	f, err := os.Open(t.file)
	if err != nil {
		return nil, usagef("FILE cannot be opened: %w", withoutName(err))
	}
	return f, nil
}

// printTransferHelp prints the text and the flags of a command.
func printTransferHelp(w io.Writer, text string, set *flag.FlagSet) {
	io.WriteString(w, text)
	set.SetOutput(w)
	set.PrintDefaults()
}
