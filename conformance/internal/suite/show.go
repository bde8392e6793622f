package suite

import (
	"testing"

	"github.com/userrecord/userrecord/conformance"
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
				t.Errorf("%s %s\n%s\n%s", r.Level, r.Title, r.Reason(), exchangeText(r.Exchanges))
			case conformance.NotRun:
				t.Skip(r.Obstacle)
			case conformance.Warned, conformance.Observed:
				t.Logf("%s: %s %s: %s", r.Status, r.Level, r.Title, r.Reason())
			}
		})
	}
	if report.Verdict == conformance.Inconclusive {
		t.Errorf("inconclusive: %s %s", report.Reason(), report.Unrestored())
	}
	t.Logf("seed %d: %s", report.Seed, report.Reason())
}

// exchangeText renders the last exchange, which is the telling one.
func exchangeText(exchanges []conformance.Exchange) string {
	if len(exchanges) == 0 {
		return ""
	}
	e := exchanges[len(exchanges)-1]
	return e.Request + "\n\n" + e.Response + "\n\n" + e.Curl
}
