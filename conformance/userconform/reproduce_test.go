package main

import (
	"flag"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/internal/sample"
	"github.com/userrecord/userrecord/conformance/servertest"
)

var everyFailure = flag.Bool("every-failure", false, "try the line of every failure of every fault")

// What a failure prints shows the failure again: a curl line gets the answer that the
// report has, and a command fails for the same requirement. For each requirement that is
// a fault which turns few others red.
func TestReproduction(t *testing.T) {
	t.Parallel()
	matrix := golden.ReadMatrix(t, "../faulty/testdata/matrix.txt")
	tried := matrix
	if !*everyFailure {
		tried = oneFaultEach(matrix)
	}
	for _, fault := range sample.Of(slices.Sorted(maps.Keys(tried))) {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			env, args := parseCommand(serve(t, fault))
			args = append(args, "-strict", "-seed", "1") // that of the matrix
			var run, again []string
			if !*everyFailure {
				run, again = only(tried[fault]), selecting(tried[fault])
			}
			report := reportOf(t, env, append(args, run...))
			for range 4 {
				if !mayBeMissed(report.Results, tried[fault]) {
					break
				}
				report = reportOf(t, env, append(args, again...))
			}
			if report.Verdict != conformance.NonConformant {
				t.Errorf("%s: %s", report.Verdict, report.Reason())
			}
			for _, r := range report.Results {
				if slices.Contains(tried[fault], r.ID) && (r.Status == conformance.Failed || !*everyFailure) {
					reproduce(t, env, fault, r)
				}
			}
		})
	}
}

// mayBeMissed reports whether a check that is to see the fault has not, and sees it if it
// runs again: one of concurrency, as whether clients get in each other's way is a matter of
// chance, or one that may need the whole run.
func mayBeMissed(results []conformance.Result, ids []string) bool {
	return slices.ContainsFunc(results, func(r conformance.Result) bool {
		return slices.Contains(ids, r.ID) && r.Status != conformance.Failed && (strings.HasPrefix(r.ID, "concurrency.") || r.WholeRun)
	})
}

// needsOthers are faults that turn some checks red only because of what others did before.
var needsOthers = map[string]bool{"ignores-address-country": true, "ignores-address-region": true, "address-by-turns": true, "patch-not-repeated": true}

// oneFaultEach returns for each requirement the fault that turns it red and fewest
// others.
func oneFaultEach(matrix golden.Matrix) golden.Matrix {
	best := map[string]string{}
	for _, fault := range slices.Sorted(maps.Keys(matrix)) {
		for _, id := range matrix[fault] {
			if found, ok := best[id]; !needsOthers[fault] && (!ok || len(matrix[fault]) < len(matrix[found])) {
				best[id] = fault
			}
		}
	}
	few := golden.Matrix{}
	for id, fault := range best {
		few[fault] = append(few[fault], id)
	}
	return few
}

// wholeRun reports whether the requirement is about all that a run does.
func wholeRun(id string) bool {
	return slices.ContainsFunc(servertest.Requirements(), func(r conformance.Requirement) bool { return r.ID == id && r.WholeRun })
}

// reportOf returns the report of a check.
func reportOf(t *testing.T, env environment, args []string) conformance.Report {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	got := runIn(t.Context(), env, append(slices.Clone(args), "-report", file)...)
	require.Emptyf(t, got.stderr, "%v\n%s", args, got.stdout)
	return readReport(t, file)
}

// reproduce runs the line that the result has to see it again.
func reproduce(t *testing.T, env environment, fault string, r conformance.Result) {
	t.Helper()
	if r.Status != conformance.Failed {
		t.Errorf("%s is %s", r.ID, r.Status)
		return
	}
	line := r.Reproduction()
	if !strings.HasPrefix(line, "userconform ") {
		if got, want := answerTo(t, env, line), answerIn(r.AtFault()); got != want {
			t.Errorf("%s: %s\nthe answer is %s, want %s, for\n%.2000s", r.ID, r.Reason(), got, want, line)
		}
		return
	}
	_, args := parseCommand(" " + line)
	for range 5 { // that clients get in each other's way is a matter of chance
		_, fresh := parseCommand(serve(t, fault)) // the first run may have left damage
		args[slices.Index(args, "-url")+1] = fresh[slices.Index(fresh, "-url")+1]
		for _, again := range reportOf(t, env, args).Results {
			if again.ID == r.ID && again.Status == conformance.Failed {
				return
			}
		}
	}
	t.Errorf("%s does not fail when run again: %s\n%s", r.ID, r.Reason(), line)
}

// answerTo returns the status and the media type of the answer that a curl line gets.
func answerTo(t *testing.T, env environment, line string) string {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "bash", "-c", line)
	shell.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	for name, value := range env {
		shell.Env = append(shell.Env, name+"="+value)
	}
	out, err := shell.Output()
	if err != nil {
		return "none"
	}
	head, _, _ := strings.Cut(string(out), "\r\n\r\n")
	status, fields, _ := strings.Cut(head, "\r\n")
	return strings.Fields(status)[1] + mediaTypeIn(fields)
}

// answerIn returns the same of an answer in a report.
func answerIn(e *conformance.Exchange) string {
	if strings.HasPrefix(e.Response, "no answer") {
		return "none"
	}
	head, _, _ := strings.Cut(e.Response, "\n\n")
	status, fields, _ := strings.Cut(head, "\n")
	return strings.Fields(status)[0] + mediaTypeIn(fields)
}

func mediaTypeIn(fields string) string {
	for line := range strings.Lines(fields) {
		if value, ok := strings.CutPrefix(line, "Content-Type: "); ok {
			return " " + strings.TrimSpace(value)
		}
	}
	return ""
}
