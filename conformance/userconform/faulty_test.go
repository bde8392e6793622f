package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/conformance/faulty"
	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/internal/sample"
)

func TestFaultyList(t *testing.T) {
	got := runIn(t.Context(), nil, "faulty", "-list")
	if got.status != 0 || got.stderr != "" {
		t.Fatalf("status %d, stderr %q", got.status, got.stderr)
	}
	for _, f := range faulty.Faults() {
		if !strings.Contains(got.stdout, f.Name+" ") || !strings.Contains(got.stdout, f.Title) {
			t.Errorf("%s is not listed", f.Name)
		}
	}
}

// The printed command finds the fault, whichever it is. So that this takes seconds, a
// check is only of what the fault turns red in package faulty: of one requirement, or of
// all if that one does not see the fault without the others. (TestReproduction finds the
// faults that are not tried here.)
func TestFaultyIsFound(t *testing.T) {
	t.Parallel()
	matrix := golden.ReadMatrix(t, "../faulty/testdata/matrix.txt")
	reproduced := oneFaultEach(matrix)
	others := slices.DeleteFunc(faulty.Faults(), func(f faulty.Fault) bool { return reproduced[f.Name] != nil })
	for _, f := range sample.Of(others) {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			line := serve(t, f.Name)
			env, args := parseCommand(line)
			red := matrix[f.Name]
			if len(red) == 0 {
				t.Fatal("it is not in the list")
			}
			one := red[len(red)-1:] // not of concurrency, if possible
			got := runIn(t.Context(), env, append(args, only(one)...)...)
			if got.status != exitNonConformant {
				got = runIn(t.Context(), env, append(args, selecting(red)...)...)
			}
			if got.status != exitNonConformant || !strings.HasPrefix(got.lastLine(), "NOT CONFORMANT: ") || !strings.Contains(got.lastLine(), " failed") {
				t.Errorf("status %d of %q\n%s%s", got.status, line, got.stdout, got.stderr)
			}
		})
	}
}

// only returns the flags for a check of the requirements.
func only(ids []string) []string { return []string{"-run", strings.Join(ids, ",")} }

// selecting returns what only returns, or no flags if a requirement is about the whole run.
func selecting(ids []string) []string {
	if slices.ContainsFunc(ids, wholeRun) {
		return nil
	}
	return only(ids)
}

// serve runs the command faulty until the test ends, and returns the command line that
// it printed.
func serve(t *testing.T, fault string) (line string) {
	t.Helper()
	var stdout, stderr buffer
	status := make(chan int, 1)
	go func() {
		status <- run(t.Context(), []string{"faulty", "-addr", "127.0.0.1:0", fault}, environment{}.lookup, &stdout, &stderr)
	}()
	t.Cleanup(func() {
		if got := <-status; got != 0 || stderr.String() != "" {
			t.Errorf("the server ended with status %d, stderr %q", got, stderr.String())
		}
	})
	awaitText(t, &stdout, "ACCESS_TOKEN=")
	return regexp.MustCompile(`(?m)^ACCESS_TOKEN=.*$`).FindString(stdout.String())
}

// parseCommand parses a line of a shell that runs userconform.
func parseCommand(line string) (environment, []string) {
	before, after, _ := strings.Cut(line, " userconform ")
	env := environment{}
	for variable := range strings.FieldsSeq(before) {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	return env, strings.Fields(after)
}

func TestListenOnLoopback(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "localhost:0", "127.8.9.10:0"} {
		listener, err := listenOnLoopback(addr)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		listener.Close()
	}
}
