package conformance_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
)

func resultOf(id string, s conformance.Status, known string) conformance.Result {
	return conformance.Result{Requirement: conformance.Requirement{ID: id, Level: conformance.Must}, Status: s, KnownFailing: known}
}

var (
	aFailed, bFailed, cFailed = resultOf("a", conformance.Failed, ""), resultOf("b", conformance.Failed, ""), resultOf("c", conformance.Failed, "")
	dPassed, eNotRun          = resultOf("d", conformance.Passed, ""), resultOf("e", conformance.NotRun, "")
	fKnown, gKnown            = resultOf("f", conformance.Failed, "known"), resultOf("g", conformance.Failed, "known")
	hFixed, jFailed           = resultOf("h", conformance.Passed, "known"), resultOf("j", conformance.Failed, "")
)

func TestHeadlineAndReason(t *testing.T) {
	for name, tt := range map[string]struct {
		report           conformance.Report
		headline, reason string
	}{
		"conformant": {
			conformance.Report{Verdict: conformance.Conformant, Summary: conformance.Summary{Passed: 1}, Results: []conformance.Result{dPassed}, Requirements: 1},
			"Conformant", "1 requirement passed and none failed.",
		},
		"with warnings, and not all of it": {
			conformance.Report{Verdict: conformance.Conformant, Summary: conformance.Summary{Passed: 2, Warned: 3, NotRun: 4}, Results: []conformance.Result{dPassed, eNotRun}},
			"Conformant", "2 requirements passed and none failed; 3 warned; 4 did not run, 1 of them MUST.",
		},
		"known failures": {
			conformance.Report{Verdict: conformance.Conformant, Summary: conformance.Summary{Passed: 1, Failed: 2}, Results: []conformance.Result{dPassed, fKnown, gKnown}},
			"Conformant except for 2 known failures", "1 requirement passed and none failed but 2 known to fail.",
		},
		"one known failure": {
			conformance.Report{Verdict: conformance.Conformant, Summary: conformance.Summary{Passed: 1, Failed: 1}, Results: []conformance.Result{dPassed, fKnown}},
			"Conformant except for 1 known failure", "1 requirement passed and none failed but 1 known to fail.",
		},
		"selected": {
			conformance.Report{Verdict: conformance.Conformant, Summary: conformance.Summary{Passed: 1}, Results: []conformance.Result{dPassed}, Requirements: 9},
			"Conformant in the 1 of 9 requirements selected", "1 requirement passed and none failed.",
		},
		"selected, and a known failure": {
			conformance.Report{Verdict: conformance.Conformant, Summary: conformance.Summary{Passed: 1, Failed: 1}, Results: []conformance.Result{dPassed, fKnown}, Requirements: 9},
			"Conformant in the 2 of 9 requirements selected, except for 1 known failure", "1 requirement passed and none failed but 1 known to fail.",
		},
		"failed": {
			conformance.Report{Verdict: conformance.NonConformant, Results: []conformance.Result{aFailed, fKnown, cFailed, hFixed}, Requirements: 9},
			"Not conformant", "2 requirements failed: a, c.",
		},
		"some for one reason": {
			conformance.Report{Verdict: conformance.NonConformant, Results: []conformance.Result{aFailed, bFailed, cFailed}, Causes: []conformance.Cause{{Explains: []string{"f"}}, {Title: "It is one thing.", Explains: []string{"a", "b"}}}},
			"Not conformant", "3 requirements failed, 2 of them for one reason; besides: c.",
		},
		"all for one reason": {
			conformance.Report{Verdict: conformance.NonConformant, Results: []conformance.Result{aFailed, bFailed}, Causes: []conformance.Cause{{Title: "It is one thing.", Explains: []string{"a", "b"}}}},
			"Not conformant", "2 requirements failed for one reason: It is one thing.",
		},
		"all for two reasons": {
			conformance.Report{Verdict: conformance.NonConformant, Results: []conformance.Result{aFailed, bFailed, cFailed, jFailed}, Causes: []conformance.Cause{{Explains: []string{"a", "b"}}, {Explains: []string{"c", "j"}}}},
			"Not conformant", "4 requirements failed for 2 reasons.",
		},
		"reasons of one failure each": {
			conformance.Report{Verdict: conformance.NonConformant, Results: []conformance.Result{aFailed, bFailed}, Causes: []conformance.Cause{{Explains: []string{"a", "warned"}}, {Explains: []string{"b"}}}},
			"Not conformant", "2 requirements failed: a, b.",
		},
		"known, and passed": {
			conformance.Report{Verdict: conformance.NonConformant, Results: []conformance.Result{dPassed, hFixed}},
			"Not conformant", "listed as known to fail, and passed: h.",
		},
		"obstacle": {
			conformance.Report{Verdict: conformance.Inconclusive, Obstacle: "the run was stopped", NotRestored: []string{"/email"}},
			"Inconclusive", "the run was stopped.",
		},
		"not restored": {
			conformance.Report{Verdict: conformance.Inconclusive, NotRestored: []string{"/email"}},
			"Inconclusive", "the user may not be as it was before the run.",
		},
		"no MUST": {
			conformance.Report{Verdict: conformance.Inconclusive, Requirements: 9}, "Inconclusive", "no MUST requirement could run.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff([]string{tt.headline, tt.reason}, []string{tt.report.Headline(), tt.report.Reason()}); diff != "" {
				t.Errorf("headline and reason (-want +got):\n%s", diff)
			}
			if got, want := tt.report.Qualified(), tt.report.Verdict == conformance.Conformant && tt.headline != "Conformant"; got != want {
				t.Errorf("qualified is %t", got)
			}
		})
	}
}

func TestCause(t *testing.T) {
	c := conformance.Cause{Title: "The names are dashed.", Hint: "It has `first-name`.", Explains: []string{"a", "c"}}
	if got, want := c.String(), "2 requirements for this one reason: The names are dashed. It has `first-name`."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	report := conformance.Report{Causes: []conformance.Cause{c}}
	if diff := cmp.Diff([]conformance.Result{bFailed}, report.Unexplained([]conformance.Result{aFailed, bFailed, cFailed})); diff != "" {
		t.Errorf("unexplained (-want +got):\n%s", diff)
	}
}

// The exchange that a reader is to look at, and the line that shows the failure again.
func TestReproduction(t *testing.T) {
	read := conformance.Exchange{Curl: "read"}
	write := conformance.Exchange{Curl: "write", AtFault: true}
	alone := conformance.Exchange{Curl: "alone", AtFault: true, Alone: true}
	long := conformance.Exchange{AtFault: true}
	for name, tt := range map[string]struct {
		result             conformance.Result
		atFault, reproduce string
	}{
		"nothing was sent":       {conformance.Result{Again: "again"}, "", "again"},
		"neither":                {conformance.Result{}, "", ""},
		"one request is enough":  {conformance.Result{Again: "again", Exchanges: []conformance.Exchange{read, alone}}, "alone", "alone"},
		"a read shows it":        {conformance.Result{Again: "again", Exchanges: []conformance.Exchange{write, read}}, "write", "again"},
		"the best that there is": {conformance.Result{Exchanges: []conformance.Exchange{write, read}}, "write", "write"},
		"no line can":            {conformance.Result{Again: "again", Exchanges: []conformance.Exchange{long}}, "", "again"},
		"nothing is at fault":    {conformance.Result{Exchanges: []conformance.Exchange{write, read}[1:]}, "read", "read"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if e := tt.result.AtFault(); e != nil {
				got = e.Curl
			}
			if got != tt.atFault || tt.result.Reproduction() != tt.reproduce {
				t.Errorf("at fault %q, to reproduce %q; want %q, %q", got, tt.result.Reproduction(), tt.atFault, tt.reproduce)
			}
		})
	}
}
