package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/conformance/storetest"
)

func newListFlagSet(asJSON *bool) *flag.FlagSet {
	set := flag.NewFlagSet("list", flag.ContinueOnError)
	set.SetOutput(io.Discard) // runList reports errors
	set.BoolVar(asJSON, "json", false, "as a JSON array of objects")
	return set
}

// allRequirements returns those of servers and then those of Stores.
func allRequirements() []conformance.Requirement {
	return requirementsInFlags(slices.Concat(servertest.Requirements(), storetest.Requirements()))
}

// runList runs the command list.
func runList(args []string, stdout, stderr io.Writer) int {
	var asJSON bool
	set := newListFlagSet(&asJSON)
	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		printListHelp(stdout)
		return exitConformant
	case err != nil:
		return complain(stderr, "list", err)
	case set.NArg() > 0:
		return complain(stderr, "list", strayArguments(set.NArg()))
	}
	write := listText
	if asJSON {
		write = listJSON
	}
	if err := write(stdout, allRequirements()); err != nil {
		return complain(stderr, "list", err)
	}
	return exitConformant
}

func listText(w io.Writer, all []conformance.Requirement) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range all {
		fmt.Fprintf(table, "%s\t%s\t%s (%s)\n", r.ID, r.Level, r.Title, r.Source)
	}
	return table.Flush()
}

func listJSON(w io.Writer, all []conformance.Requirement) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(append([]conformance.Requirement{}, all...))
}

func printListHelp(w io.Writer) {
	io.WriteString(w, "Usage: userconform list [-json]\n\nPrints every requirement: id, level, title and source.\n\nFlags:\n")
	set := newListFlagSet(new(bool))
	set.SetOutput(w)
	set.PrintDefaults()
}
