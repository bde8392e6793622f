package main

import (
	"slices"
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

// conclude returns the exit status of a run, and the line that says why.
func conclude(report *conformance.Report, notWritten error) (status int, line string) {
	verdict, reason := report.Verdict, sentence(report.Reason)
	if unrestored := unrestoredText(report); unrestored != "" && !strings.Contains(reason, "restored") {
		reason += " " + unrestored
	}
	if notWritten != nil {
		reason = "a report could not be written: " + sentence(notWritten.Error()) + " The server is " + strings.ToLower(render.VerdictText(verdict)) + ": " + reason
		if verdict == conformance.Conformant {
			verdict = conformance.Inconclusive
		}
	}
	line = strings.ToUpper(render.VerdictText(verdict)) + ": " + render.Line(reason)
	switch verdict {
	case conformance.Conformant:
		return exitConformant, line
	case conformance.NonConformant:
		return exitNonConformant, line
	}
	return exitInconclusive, line
}

// sentence returns s with a full stop.
func sentence(s string) string { return strings.TrimSuffix(strings.TrimSpace(s), ".") + "." }

// unrestoredText names what is not as it was before the run.
func unrestoredText(report *conformance.Report) string {
	switch {
	case len(report.NotRestored) == 0:
		return ""
	case slices.Contains(report.NotRestored, ""):
		return "Nobody knows whether the user is restored: the record cannot be read any more."
	}
	return "These could not be restored: " + strings.Join(report.NotRestored, ", ") + "."
}
