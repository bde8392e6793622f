package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

// notAgain are the flags that a command line to run one check again leaves out: what was
// run, what was written and printed, and the seed, which the report has.
var notAgain = map[string]bool{
	"run": true, "skip": true, "known-failing": true, "report": true, "quiet": true, "seed": true,
}

// again writes command lines that run one check again.
type again struct{ command, seed string }

// newAgain reads the arguments of this run, which are valid. It chooses the seed, unless
// that was given: the lines name it.
func newAgain(args []string, o *conformance.Options) again {
	if o.Seed == 0 {
		o.Seed = 1 + rand.Uint64N(1<<53-1) // every reader of JSON keeps it whole
	}
	words := []string{"userconform", "check"}
	set := newFlagSet(new(flags))
	for len(args) > 0 {
		n := flagLength(set, args)
		if name, _, _ := strings.Cut(strings.TrimLeft(args[0], "-"), "="); !notAgain[name] {
			for _, word := range args[:n] {
				words = append(words, shellQuoted(word))
			}
		}
		args = args[n:]
	}
	return again{strings.Join(words, " "), fmt.Sprint(o.Seed)}
}

// in returns the result with the line, unless there is nothing to see again. A check that
// judges what the others saw needs them all.
func (a again) in(r conformance.Result) conformance.Result {
	switch {
	case r.Status == conformance.Passed || r.Status == conformance.NotRun:
	case r.WholeRun:
		r.Again = a.command + " -seed " + a.seed
	default:
		r.Again = a.command + " -run " + shellQuoted(r.ID) + " -seed " + a.seed
	}
	return r
}

// inAll changes the results of the report.
func (a again) inAll(report *conformance.Report) {
	for i, r := range report.Results {
		report.Results[i] = a.in(r)
	}
}

// flagLength returns how many arguments the first flag takes.
func flagLength(set *flag.FlagSet, args []string) int {
	name, _, hasValue := strings.Cut(strings.TrimLeft(args[0], "-"), "=")
	f := set.Lookup(name)
	if hasValue || f == nil || len(args) == 1 {
		return 1
	}
	if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok && b.IsBoolFlag() {
		return 1
	}
	return 2
}

// shellQuoted quotes the word for a POSIX shell, unless it means what it says there.
func shellQuoted(word string) string {
	special := func(r rune) bool {
		return !strings.ContainsRune("-_./:,=@%+", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	if word != "" && !strings.ContainsFunc(word, special) && render.Line(word) == word {
		return word
	}
	quoted := "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	if render.Line(quoted) == quoted {
		return quoted
	}
	// What reports show as an escape means something else to a shell: end the quotes
	// inside of it, and begin them again.
	return strings.NewReplacer("@", "@''", "#", "#''", "[", "[''").Replace(quoted)
}
