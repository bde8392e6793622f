package suite

import (
	"strings"
	"testing"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/plain"
)

// Show makes a subtest of each result, with its id as its name and as the
// attribute "requirement". A failure fails its subtest; everything else is logged.
func Show(t *testing.T, report *conformance.Report) {
	t.Helper()
	for _, r := range report.Results {
		t.Run(r.ID, func(t *testing.T) {
			t.Attr("requirement", r.ID)
			switch r.Status {
			case conformance.Failed:
				t.Error(failureText(&r))
			case conformance.NotRun:
				t.Skip(plain.Text(r.Obstacle))
			case conformance.Warned, conformance.Observed:
				t.Log(plain.Text(string(r.Status) + ": " + string(r.Level) + " " + r.Title + ": " + r.Reason()))
			}
		})
	}
	for _, c := range report.Causes {
		t.Logf("%s\n%s", plain.Text(c.String()), strings.Join(c.Explains, " "))
	}
	for _, note := range report.Notes {
		t.Log(plain.Text(note))
	}
	if report.Verdict == conformance.Inconclusive {
		t.Errorf("inconclusive: %s %s", plain.Text(report.Reason()), report.Unrestored())
	}
	t.Logf("seed %d: %s: %s", report.Seed, report.Headline(), plain.Text(report.Reason()))
}

// failureText returns what was asked for, what came, and the exchange at fault.
func failureText(r *conformance.Result) string {
	text := string(r.Level) + " " + r.Title + " (" + r.Source + ")\n" + plain.Text(r.Reason())
	e := r.AtFault()
	if e == nil {
		return text
	}
	return text + "\n" + plain.Lines("> ", e.Request) + "\n" + plain.Lines("< ", e.Response) + "\n" + r.Reproduction()
}
