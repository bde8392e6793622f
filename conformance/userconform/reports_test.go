package main

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
)

// A report that cannot be written shows before anything is sent.
func TestReportCannotBeCreated(t *testing.T) {
	dir := t.TempDir()
	requests := 0
	url, _ := fake(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests++ })
	})
	got := runIn(t.Context(), tokens, checkArgs(url, inDir(dir, "a.json", "absent/b.json")...)...)
	if got.status != 2 || requests != 0 || !strings.Contains(got.stderr, "b.json") {
		t.Errorf("status %d after %d requests: %s", got.status, requests, got.stderr)
	}
	_, err := os.Stat(filepath.Join(dir, "a.json"))
	require.Error(t, err, "the other report was left")
}

// Never 0 without the report: here the disk is full.
func TestReportCannotBeWritten(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full")
	}
	full := filepath.Join(t.TempDir(), "full.json")
	require.NoError(t, os.Symlink("/dev/full", full))
	right, _ := fake(t, nil)
	got := runIn(t.Context(), tokens, checkArgs(right, "-report", full)...)
	if got.status != 2 || !strings.HasPrefix(got.lastLine(), "INCONCLUSIVE: a report could not be written: ") || !strings.Contains(got.lastLine(), "The server is conformant in the ") {
		t.Errorf("correct server: status %d, last line %q", got.status, got.lastLine())
	}
	wrong, _ := fake(t, wrongType)
	got = runIn(t.Context(), tokens, checkArgs(wrong, "-report", full)...)
	if got.status != 1 || !strings.HasPrefix(got.lastLine(), "NOT CONFORMANT: a report could not be written: ") {
		t.Errorf("wrong server: status %d, last line %q", got.status, got.lastLine())
	}
}

func TestConclude(t *testing.T) {
	failed := []conformance.Result{{Requirement: conformance.Requirement{ID: "a"}, Status: conformance.Failed}}
	for _, test := range []struct {
		report conformance.Report
		status int
		line   string
	}{
		{conformance.Report{Verdict: conformance.Conformant, Summary: conformance.Summary{Passed: 5}}, 0, "CONFORMANT: 5 requirements passed and none failed."},
		{conformance.Report{Verdict: conformance.Conformant, Requirements: 9, Results: failed, Summary: conformance.Summary{Passed: 5}}, 0, "CONFORMANT in the 1 of 9 requirements selected: 5 requirements passed and none failed."},
		{conformance.Report{Verdict: conformance.Inconclusive, Obstacle: "\x1b[31mstop"}, 2, `INCONCLUSIVE: \u001b[31mstop.`},
		{conformance.Report{Verdict: "", Obstacle: "x"}, 2, "INCONCLUSIVE: x."},
		{conformance.Report{Verdict: conformance.Inconclusive, NotRestored: []string{"/a"}}, 2, "INCONCLUSIVE: the user may not be as it was before the run. These could not be restored: /a."},
		{conformance.Report{Verdict: conformance.NonConformant, Results: failed, NotRestored: []string{"/a", "/b"}}, 1, "NOT CONFORMANT: 1 requirement failed: a. These could not be restored: /a, /b."},
	} {
		if status, line := conclude(&test.report, nil); status != test.status || line != test.line {
			t.Errorf("conclude = %d, %q; want %d, %q", status, line, test.status, test.line)
		}
	}
}

func TestProgressOnTerminal(t *testing.T) {
	var stdout, stderr buffer
	p := &progress{live: true, stdout: &stdout, stderr: &stderr}
	result := conformance.Result{Requirement: conformance.Requirement{ID: "a.b", Level: conformance.Must, Title: "A title.", Source: "page"}, Status: conformance.Passed}
	p.result(1, 3, result)
	result.Status, result.Failures = conformance.Failed, []conformance.Failure{{Expected: "x", Got: "\x1b[31m"}}
	result.Exchanges = []conformance.Exchange{{Curl: "curl 1"}}
	p.result(2, 3, result)
	p.end(&conformance.Report{})
	if got, want := stderr.String(), "\r1 of 3, 0 failed  a.b\x1b[K\r\x1b[K\r2 of 3, 1 failed  a.b\x1b[K\r\x1b[K"; got != want {
		t.Errorf("stderr %q, want %q", got, want)
	}
	if got := stdout.String(); !strings.HasPrefix(got, "failed: a.b (MUST): expected x, got \\u001b[31m\n    A title. (page)\n    curl 1\n") {
		t.Errorf("stdout %q", got)
	}
}
