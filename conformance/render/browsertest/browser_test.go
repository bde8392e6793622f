package browsertest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/sample"
	"github.com/userrecord/userrecord/conformance/render"
)

// hostile is what a server could try to put into a report.
const hostile = "</pre></script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">{{.}}\u202e\x00\x1b[31m"

func TestReportInBrowser(t *testing.T) {
	needBrowser(t)
	red := redReport(t)
	if red.Verdict != conformance.NonConformant || red.Summary.Warned == 0 || red.Summary.NotRun == 0 {
		t.Fatalf("the report is too good for this test: %s %+v", red.Verdict, red.Summary)
	}
	last := red.Results[len(red.Results)-1]
	last.ID, last.Level, last.Status, last.Title = "success.hostile", conformance.Must, conformance.Failed, "Title "+hostile
	last.Failures = []conformance.Failure{{Expected: hostile, Got: hostile}}
	last.Exchanges = []conformance.Exchange{{Request: hostile, Response: hostile, Curl: "curl 'it'\\''s'\n <b>\"&amp;\" $ACCESS_TOKEN"}}
	red.Results = append(red.Results, last)

	green := *red
	green.Verdict, green.Results, green.NotRestored = conformance.Conformant, nil, nil
	for _, r := range red.Results {
		if r.Status != conformance.Failed && r.KnownFailing == "" && r.Status != conformance.Warned {
			green.Results = append(green.Results, r)
		}
	}
	green.Requirements = len(green.Results)
	unclear := green
	unclear.Verdict, unclear.Results, unclear.NotRestored = conformance.Inconclusive, nil, []string{"/firstName", ""}
	known := green
	known.Results = append(known.Results[:len(known.Results):len(known.Results)], knownFailure())
	known.Requirements = len(known.Results)
	runBrowser(t, map[string]*conformance.Report{
		"red": red, "green": &green, "inconclusive": &unclear, "known": &known,
		"gross": grossReport(), "poisoned": poisonedReport(), "dead": deadReport(),
	})
}

// runBrowser lets testdata/report.mjs look at the reports.
func runBrowser(t *testing.T, reports map[string]*conformance.Report) {
	t.Helper()
	dir := t.TempDir()
	for name, report := range reports {
		var b bytes.Buffer
		require.NoError(t, render.HTML(&b, report))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".html"), b.Bytes(), 0o600))
	}
	script := filepath.Join("testdata", "report.mjs")
	// Reading it makes go test run anew when it has changed.
	_, err := os.ReadFile(script)
	require.NoError(t, err)
	if sample.Partial {
		return // the race detector has seen all of ours
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, "node", script, browserPath, dir, os.Getenv("SCREENSHOTS"))
	node.WaitDelay = 5 * time.Second
	out, err := node.CombinedOutput()
	t.Logf("%s", out)
	require.NoErrorf(t, err, "node %s", script)
}
