package render

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
)

// conformant is a report without failures that count, and with a known one if so asked.
func conformant(known bool) *conformance.Report {
	r := sample()
	r.Verdict, r.Summary = conformance.Conformant, conformance.Summary{Passed: 2}
	results := r.Results[:2]
	if known {
		results = append(results, r.Results[3])
	}
	r.Results, r.Requirements = results, len(results)
	return r
}

// No format shows a plain conformant for a run that left requirements out, or whose
// failures are listed as known.
func TestQualifiedVerdicts(t *testing.T) {
	selected := conformant(false)
	selected.Requirements = 9
	for name, tt := range map[string]struct {
		report         *conformance.Report
		headline, mark string
	}{
		"plain":    {conformant(false), "Conformant", "✅"},
		"known":    {conformant(true), "Conformant except for 1 known failure", "⚠️"},
		"selected": {selected, "Conformant in the 2 of 9 requirements selected", "⚠️"},
	} {
		t.Run(name, func(t *testing.T) {
			if text := write(t, Markdown, tt.report); !strings.HasPrefix(text, "# "+tt.mark+" "+tt.headline+"\n") {
				t.Errorf("Markdown:\n%.300s", text)
			}
			text := write(t, HTML, tt.report)
			class := map[bool]string{true: "conformant", false: "qualified"}[name == "plain"]
			for _, want := range []string{"<h1>" + tt.headline + "</h1>", `<header class="` + class + `">`, `href="#i-` + class + `"`, "<title>" + tt.headline + ": "} {
				if !strings.Contains(text, want) {
					t.Errorf("%s is not in the HTML", want)
				}
			}
			var asJSON struct{ Verdict, Headline, Reason string }
			require.NoError(t, json.Unmarshal([]byte(write(t, JSON, tt.report)), &asJSON))
			if asJSON.Verdict != "conformant" || asJSON.Headline != tt.headline || asJSON.Reason != tt.report.Reason() {
				t.Errorf("JSON: %+v", asJSON)
			}
			var suites junitSuites
			require.NoError(t, xml.Unmarshal([]byte(write(t, JUnit, tt.report)), &suites))
			if got := properties(suites.Suites[0])["headline"]; got != tt.headline {
				t.Errorf("JUnit: %s", got)
			}
		})
	}
}

func properties(s junitSuite) map[string]string {
	all := map[string]string{}
	for _, p := range s.Properties {
		all[p.Name] = p.Value
	}
	return all
}

// A cause is said once, first, with all that it explains; nothing is hidden by it.
func TestCauses(t *testing.T) {
	r := sample()
	r.Causes = []conformance.Cause{{Title: "It is one thing.", Hint: "Such as this.", Explains: []string{"one.failed", "two.warned"}}}
	r.Notes, r.LeftBehind = []string{"A note."}, []string{"/isAdmin"}
	text := write(t, Markdown, r)
	for _, want := range []string{
		"## 2 requirements for this one reason: It is one thing. Such as this.\n", "| one.failed | MUST | expected 422, got 200 |\n",
		"| two.warned | SHOULD | without credentials: expected WWW-Authenticate, got none; ", "For example one.failed:\n\n````http\nPATCH /2", "**Note:** A note.\n", "**Left behind:** /isAdmin\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "### one.failed") || strings.Contains(text, "## Warnings") || !strings.Contains(text, "### two.fixed") {
		t.Errorf("an explained failure stands twice, or another one is missing:\n%s", text)
	}
	if page := write(t, HTML, r); !strings.Contains(page, "<strong>Left behind:</strong> /isAdmin.") || strings.Index(page, `id="causes"`) > strings.Index(page, `id="failures"`) || strings.Contains(page, `id="d-one.failed"`) || !strings.Contains(page, `id="r-one.failed"`) {
		t.Error("HTML does not show causes first, or shows what they explain twice or nowhere")
	}
	var suites junitSuites
	require.NoError(t, xml.Unmarshal([]byte(write(t, JUnit, r)), &suites))
	if got, want := properties(suites.Suites[0])["cause"], "2 requirements for this one reason: It is one thing. Such as this. (one.failed, two.warned)"; got != want || suites.Failures != 2 {
		t.Errorf("JUnit says %s, with %d failures", got, suites.Failures)
	}
	var got conformance.Report
	require.NoError(t, json.Unmarshal([]byte(write(t, JSON, r)), &got))
	if diff := cmp.Diff(r.Causes, got.Causes); diff != "" {
		t.Errorf("causes in JSON (-want +got):\n%s", diff)
	}
}

// The request at fault comes before the read that shows the damage, and the line to see
// it again is the one that does.
func TestFaultComesFirst(t *testing.T) {
	r := sample()
	result := &r.Results[2]
	result.Exchanges = []conformance.Exchange{{Request: "PATCH /write", Response: "200", Curl: "curl write", AtFault: true}, {Request: "PATCH /read", Response: "200", Curl: "curl read"}}
	result.Again = "userconform check -run one.failed"
	text := write(t, Markdown, r)
	_, text, _ = strings.Cut(text, "### one.failed")
	if !strings.Contains(text[:200], "PATCH /write") || strings.Contains(text, "PATCH /read") || !strings.Contains(text, "```sh\nuserconform check -run one.failed\n```\n") {
		t.Errorf("Markdown:\n%s", text)
	}
	for format, text := range map[string]string{"HTML": write(t, HTML, r), "JUnit": write(t, JUnit, r)} {
		write, read, again := strings.Index(text, "PATCH /write"), strings.Index(text, "PATCH /read"), strings.Index(text, "userconform check -run one.failed")
		if write < 0 || again < write || read < again {
			t.Errorf("%s: the order is %d, %d, %d", format, write, again, read)
		}
	}
}
