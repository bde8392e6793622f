package main

import (
	"encoding/xml"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// ciJobs returns the jobs of docs/ci.md, by the headings above them.
func ciJobs(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/ci.md")
	require.NoError(t, err)
	jobs := map[string]string{}
	for section := range strings.SplitSeq(string(text), "\n## ") {
		heading, _, _ := strings.Cut(section, "\n")
		if parts := strings.Split(section, "\n```"); len(parts) > 1 {
			_, jobs[heading], _ = strings.Cut(parts[1], "\n")
		}
	}
	return jobs
}

// commandOf returns the line of a job that contains the text, and the lines that continue
// it, as a shell gets them.
func commandOf(t *testing.T, job, containing string) string {
	t.Helper()
	at := strings.Index(job, containing)
	if at < 0 {
		t.Fatalf("%q is not in the job:\n%s", containing, job)
	}
	var command strings.Builder
	for line := range strings.Lines(job[at:]) {
		command.WriteString(strings.TrimLeft(line, " "))
		if !strings.HasSuffix(line, "\\\n") {
			break
		}
	}
	return command.String()
}

// The commands of the jobs run as they stand, in the shell that each CI system starts:
// they tell a correct server from a wrong one, and leave the reports that the job collects.
func TestCIJobs(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the shells of the jobs are those of Linux")
	}
	name, err := program()
	require.NoError(t, err)
	shells := map[string][]string{
		"GitHub":  {"bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"},
		"GitLab":  {"bash", "-eo", "pipefail", "-c"},
		"Jenkins": {"sh", "-xe", "-c"},
	}
	jobs := ciJobs(t)
	for system, shell := range shells {
		for server, want := range map[string]int{"right": 0, "wrong": 1} {
			t.Run(system+"/"+server, func(t *testing.T) {
				t.Parallel()
				wrap := map[string]func(http.Handler) http.Handler{"wrong": wrongType}[server]
				url, _ := fake(t, wrap)
				dir := t.TempDir()
				in := func(script string) (int, string) {
					c := command(t, shell[0], append(shell[1:], script)...)
					c.Dir = dir
					c.Env = append(c.Env, "PATH="+filepath.Dir(name)+":"+os.Getenv("PATH"), "SERVER_URL="+url, "USER_ID="+handlertest.ExampleID, "GITHUB_STEP_SUMMARY=summary")
					out, _ := c.CombinedOutput()
					return c.ProcessState.ExitCode(), string(out)
				}
				status, out := in(commandOf(t, jobs[system], "userconform check"))
				if status != want || strings.Contains(out, handlertest.Token) {
					t.Errorf("status %d, want %d, and no token:\n%s", status, want, out)
				}
				needFailures(t, filepath.Join(dir, "userconform.xml"), want > 0)
				if system == "GitHub" {
					in(commandOf(t, jobs[system], "head -c"))
					needSummary(t, filepath.Join(dir, "summary"), want > 0)
				}
			})
		}
	}
}

// needFailures fails unless the JUnit report has failures, or has none.
func needFailures(t *testing.T, name string, failures bool) {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	var report struct {
		XMLName  xml.Name `xml:"testsuites"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
	}
	require.NoError(t, xml.Unmarshal(text, &report))
	if report.Tests == 0 || report.Failures > 0 != failures || report.Errors > 0 {
		t.Errorf("the JUnit report has %+v", report)
	}
}

func needSummary(t *testing.T, name string, failures bool) {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	want := map[bool]string{false: "# ✅ ", true: "# ❌ "}[failures]
	if !strings.HasPrefix(string(text), want) {
		t.Errorf("the summary does not begin with %q:\n%.200s", want, text)
	}
}
