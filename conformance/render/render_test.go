package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
)

// nasty is text that each format has to escape.
const nasty = "a|b\nc `d` <e> &amp; ]]> \x00\x1b[31m\u202e\xff*f*_g_"

func requirement(id string, level conformance.Level) conformance.Requirement {
	return conformance.Requirement{ID: id, Level: level, Subject: conformance.Server, Title: "Title of " + id + ".", Source: "page"}
}

// sample is a report with a result of every kind.
func sample() *conformance.Report {
	exchange := []conformance.Exchange{{Request: "PATCH /1", Response: "200 OK", Curl: "curl 1"}, {Request: "PATCH /2\n\n```", Response: "422", Curl: "curl 2"}}
	return &conformance.Report{
		Schema: 1, Version: "v0.1.2", Verdict: conformance.NonConformant, Seed: 1<<63 + 1,
		Subject: conformance.Server, Target: "http://127.0.0.1:1",
		Started: time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC), Duration: 1500 * time.Millisecond,
		Summary: conformance.Summary{Passed: 3, Failed: 2, Warned: 1, Observed: 1, NotRun: 2},
		Results: []conformance.Result{
			{Requirement: requirement("one.passed", conformance.Must), Status: conformance.Passed, Duration: time.Second, Exchanges: []conformance.Exchange{}},
			{Requirement: requirement("one.noted", conformance.Must), Status: conformance.Passed, Observed: []string{"null clears"}, Exchanges: []conformance.Exchange{}},
			{Requirement: requirement("one.failed", conformance.Must), Status: conformance.Failed, Failures: []conformance.Failure{{Expected: "422", Got: "200"}}, Exchanges: exchange},
			{Requirement: requirement("one.known", conformance.Must), Status: conformance.Failed, Failures: []conformance.Failure{{Expected: "1", Got: "2"}}, KnownFailing: "ticket 1", Exchanges: exchange[:1]},
			{Requirement: requirement("two.fixed", conformance.Must), Status: conformance.Passed, KnownFailing: "ticket 2", Exchanges: []conformance.Exchange{}},
			{Requirement: requirement("two.warned", conformance.Should), Status: conformance.Warned, Failures: []conformance.Failure{{Where: "without credentials", Expected: "WWW-Authenticate", Got: "none"}, {Expected: "a", Got: "b", Detail: "line 1\nline 2"}}, Exchanges: exchange},
			{Requirement: requirement("two.observed", conformance.Observe), Status: conformance.Observed, Observed: []string{"404", "422"}, Exchanges: exchange},
			{Requirement: requirement("two.absent", conformance.Must), Status: conformance.NotRun, Obstacle: "needs X", Exchanges: []conformance.Exchange{}},
			{Requirement: requirement("two.absent-too", conformance.Must), Status: conformance.NotRun, Obstacle: "needs X", Exchanges: []conformance.Exchange{}},
		},
	}
}

// nastySample has text to escape wherever a server or a user can put some.
func nastySample() *conformance.Report {
	r := sample()
	r.Target, r.NotRestored = nasty, []string{"/firstName", ""}
	for i := range r.Results {
		result := &r.Results[i]
		result.Title += nasty
		switch {
		case result.Failures != nil:
			result.Failures = []conformance.Failure{{Where: nasty, Expected: nasty, Got: nasty, Detail: nasty}}
		case result.Observed != nil:
			result.Observed = []string{nasty, nasty}
		case result.Status == conformance.NotRun:
			result.Obstacle += nasty
		}
		r.Results[i].Exchanges = []conformance.Exchange{{Request: nasty, Response: nasty, Curl: nasty}}
	}
	return r
}

func write(t *testing.T, f Func, r *conformance.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, f(&b, r))
	return b.String()
}

func TestForFile(t *testing.T) {
	for _, name := range []string{"a.json", "/b/c.xml", "d.e.md", "F.HTML"} {
		if f, err := ForFile(name); f == nil || err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", "json", "a.txt", "a.json/", ".html/a"} {
		if _, err := ForFile(name); err == nil {
			t.Errorf("%q has a format", name)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	want := sample()
	var got conformance.Report
	require.NoError(t, json.Unmarshal([]byte(write(t, JSON, want)), &got))
	if diff := cmp.Diff(*want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if text := write(t, JSON, nastySample()); !json.Valid([]byte(text)) {
		t.Errorf("not JSON: %s", text)
	}
}

// Whoever reads a report learns which version of the suite has made it.
func TestVersion(t *testing.T) {
	for name, format := range formats {
		if text := write(t, format, sample()); !strings.Contains(text, "v0.1.2") {
			t.Errorf("the version is not in the %s report", name)
		}
	}
}

// The members on which other tools depend.
func TestJSONMembers(t *testing.T) {
	for _, r := range []*conformance.Report{sample(), {Schema: 1, Verdict: conformance.Inconclusive}} {
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(write(t, JSON, r)), &got))
		needMembers(t, got, "schema", "version", "verdict", "strict", "seed", "summary", "results")
		needMembers(t, got["summary"].(map[string]any), "passed", "failed", "warned", "observed", "notRun")
		for _, result := range got["results"].([]any) {
			result := result.(map[string]any)
			needMembers(t, result, "id", "title", "level", "status", "reason", "source", "exchanges")
			for _, exchange := range result["exchanges"].([]any) {
				needMembers(t, exchange.(map[string]any), "request", "response", "curl")
			}
		}
	}
	if text := write(t, JSON, sample()); !strings.Contains(text, `"reason": "expected 422, got 200"`) || !strings.Contains(text, `"got": "200"`) {
		t.Errorf("a failure is not there as text and as data:\n%s", text)
	}
	r := sample()
	r.Results[0].Exchanges = nil
	if text := write(t, JSON, r); strings.Contains(text, "null,") || r.Results[0].Exchanges != nil {
		t.Error("no exchanges are written as null, or the report was changed")
	}
}

func needMembers(t *testing.T, o map[string]any, names ...string) {
	t.Helper()
	for _, name := range names {
		if v, ok := o[name]; !ok || v == nil {
			t.Errorf("member %s is %v", name, v)
		}
	}
}

func TestJUnit(t *testing.T) {
	var got junitSuites
	require.NoError(t, xml.Unmarshal([]byte(write(t, JUnit, sample())), &got))
	if want := (junitCounts{Tests: 9, Failures: 2, Skipped: 3, Time: "1.500"}); got.junitCounts != want {
		t.Errorf("counts = %+v, want %+v", got.junitCounts, want)
	}
	kinds := map[string]string{}
	for _, suite := range got.Suites {
		for _, c := range suite.Cases {
			if c.ClassName != suite.Name {
				t.Errorf("%s is in suite %s", c.Name, suite.Name)
			}
			kinds[c.Name] = kindOf(c)
		}
	}
	if diff := cmp.Diff(map[string]string{
		"one.passed":     "",
		"one.noted":      "out: passed (MUST): Title of one.noted.\nnull clears",
		"one.failed":     "failure MUST: expected 422, got 200",
		"one.known":      "skipped: known to fail (ticket 1): expected 1, got 2",
		"two.fixed":      "failure MUST: listed as known to fail (ticket 2), and passed: take it off the list",
		"two.warned":     "out: warned (SHOULD): Title of two.warned.\nwithout credentials: expected WWW-Authenticate, got none; expected a, got b\nline 1\nline 2",
		"two.observed":   "out: observed (OBSERVE): Title of two.observed.\n404; 422",
		"two.absent":     "skipped: needs X",
		"two.absent-too": "skipped: needs X",
	}, kinds); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
}

func kindOf(c junitCase) string {
	switch {
	case c.Failure != nil:
		return "failure " + c.Failure.Type + ": " + c.Failure.Message
	case c.Skipped != nil:
		return "skipped: " + c.Skipped.Message
	case c.Error != nil:
		return "error: " + c.Error.Message
	case c.Out != "":
		return "out: " + c.Out
	}
	return ""
}

func TestJUnitIsWellFormed(t *testing.T) {
	text := write(t, JUnit, nastySample())
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(text, `\u0000\u001b[31m\u202e\xff`) {
		t.Error("control characters have vanished")
	}
}

// An inconclusive run must not be green, even if nothing ran.
func TestJUnitInconclusive(t *testing.T) {
	r := &conformance.Report{Verdict: conformance.Inconclusive, Obstacle: "cannot read the user", NotRestored: []string{"/email"}}
	var got junitSuites
	require.NoError(t, xml.Unmarshal([]byte(write(t, JUnit, r)), &got))
	if got.Tests != 1 || got.Errors != 1 || kindOf(got.Suites[0].Cases[0]) != "error: cannot read the user. These could not be restored: /email." {
		t.Errorf("suites = %+v", got)
	}
}

func TestMarkdown(t *testing.T) {
	text := write(t, Markdown, sample())
	for _, want := range []string{
		"# ❌ Not conformant\n", "| one | 2 | 2 |  |  |  |\n", "### one.failed (MUST)\n", "**expected 422, got 200**\n",
		"````http\nPATCH /2\n\n```\n\n422\n````\n", "```sh\ncurl 2\n```\n",
		"Known to fail: ticket 1\n", "| two.observed | Title of two.observed. | 404; 422 |\n", "| needs X | two.absent, two.absent-too |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in:\n%s", want, text)
		}
	}
}

// Every row of a table has as many cells as its head, whatever is in them.
func TestMarkdownTables(t *testing.T) {
	text := write(t, Markdown, nastySample())
	cells := 0
	for line := range strings.Lines(text) {
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		switch {
		case !strings.HasPrefix(line, "| "):
			cells = 0
		case cells == 0:
			cells = n
		case n != cells:
			t.Errorf("%d cells, want %d: %s", n, cells, line)
		}
	}
	for _, bad := range []string{"\x00", "\x1b", "\u202e", "\xff"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is in it", bad)
		}
	}
}

func TestHTML(t *testing.T) {
	text := write(t, HTML, nastySample())
	for _, bad := range []string{"<e>", "\x00", "\x1b", "ZgotmplZ", "http-equiv=\"refresh\"", " style=", "src="} {
		if strings.Contains(strings.ReplaceAll(text, "script-src=", ""), bad) {
			t.Errorf("%q is in it", bad)
		}
	}
	for _, want := range []string{"sha256-", "Not conformant", "&lt;e&gt;"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in it", want)
		}
	}
}

// Where nothing can be written, that is an error.
func TestWriteErrors(t *testing.T) {
	for extension, f := range formats {
		if err := f(failing{}, sample()); err == nil {
			t.Errorf("%s: no error", extension)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }
