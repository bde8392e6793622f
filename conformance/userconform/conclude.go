package main

import (
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

// conclude returns the exit status of a run, and the line that says why.
func conclude(report *conformance.Report, notWritten error) (status int, line string) {
	verdict, reason := report.Verdict, strings.TrimSpace(report.Reason()+" "+report.Unrestored())
	if notWritten != nil {
		reason = "a report could not be written: " + notWritten.Error() + ". The server is " + strings.ToLower(render.VerdictText(verdict)) + ": " + reason
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
