package suite

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
)

func TestConfigureErrors(t *testing.T) {
	all := []conformance.Requirement{{ID: "merge.firstName"}}
	for want, o := range map[string]conformance.Options{
		"Options.Rate: must be 0, or from 0.001 to 1000000":           {Rate: -1},
		"Options.Timeout: must not be negative":                       {Timeout: -time.Second},
		"Options.MaxTime: must not be negative":                       {MaxTime: -time.Second},
		`Options.Run: the pattern "[" is malformed`:                   {Run: []string{"["}},
		`Options.Run: the pattern "success.*" matches no requirement`: {Run: []string{"merge.*", "success.*"}},
		`Options.Skip: the pattern "nothing" matches no requirement`:  {Skip: []string{"nothing"}},
		`Options.KnownFailing: there is no requirement "merge.*"`:     {KnownFailing: map[string]string{"merge.*": "it does"}},
	} {
		_, err := Configure(&o, all)
		var config *conformance.ConfigError
		if !errors.As(err, &config) || config.Field+": "+config.Problem != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if o, err := Configure(nil, all); err != nil || o.Seed == 0 || o.Seed >= 1<<53 {
		t.Errorf("the seed is %d, or %v", o.Seed, err)
	}
}

func TestGraded(t *testing.T) {
	failures := []conformance.Failure{{Expected: "a", Got: "b"}}
	observed := []string{"null clears"}
	passed := Outcome{Status: conformance.Passed}
	for name, tt := range map[string]struct {
		outcome Outcome
		level   conformance.Level
		strict  bool
		want    Outcome
	}{
		"MUST passed":     {passed, conformance.Must, false, Outcome{Status: conformance.Passed, Observed: observed}},
		"MUST failed":     {Failed(failures...), conformance.Must, false, Outcome{Status: conformance.Failed, Failures: failures}},
		"SHOULD failed":   {Failed(failures...), conformance.Should, false, Outcome{Status: conformance.Warned, Failures: failures}},
		"SHOULD, strict":  {Failed(failures...), conformance.Should, true, Outcome{Status: conformance.Failed, Failures: failures}},
		"OBSERVE passed":  {passed, conformance.Observe, true, Outcome{Status: conformance.Observed, Observed: observed}},
		"OBSERVE failed":  {Failed(failures...), conformance.Observe, true, Outcome{Status: conformance.Observed, Failures: failures}},
		"OBSERVE not run": {NotRun("needs X"), conformance.Observe, true, NotRun("needs X")},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.outcome.Graded(tt.level, tt.strict, observed)); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}

func TestVerdict(t *testing.T) {
	result := func(level conformance.Level, s conformance.Status, known string) conformance.Result {
		return conformance.Result{Requirement: conformance.Requirement{Level: level}, Status: s, KnownFailing: known}
	}
	green := result(conformance.Must, conformance.Passed, "")
	for name, tt := range map[string]struct {
		report conformance.Report
		want   conformance.Verdict
	}{
		"nothing":           {conformance.Report{}, conformance.Inconclusive},
		"no MUST":           {conformance.Report{Results: []conformance.Result{result(conformance.Should, conformance.Passed, "")}}, conformance.Inconclusive},
		"green":             {conformance.Report{Results: []conformance.Result{green}}, conformance.Conformant},
		"red":               {conformance.Report{Results: []conformance.Result{green, result(conformance.Must, conformance.Failed, "")}, Obstacle: "stopped"}, conformance.NonConformant},
		"known":             {conformance.Report{Results: []conformance.Result{result(conformance.Must, conformance.Failed, "known")}}, conformance.Conformant},
		"known, and passed": {conformance.Report{Results: []conformance.Result{result(conformance.Must, conformance.Passed, "known")}}, conformance.NonConformant},
		"stopped":           {conformance.Report{Results: []conformance.Result{green}, Obstacle: "stopped"}, conformance.Inconclusive},
		"not restored":      {conformance.Report{Results: []conformance.Result{green}, NotRestored: []string{"/email"}}, conformance.Inconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			Finish(&tt.report)
			if tt.report.Verdict != tt.want {
				t.Errorf("%s, want %s", tt.report.Verdict, tt.want)
			}
		})
	}
}
