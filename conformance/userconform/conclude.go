package main

import (
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

// conclude returns the exit status of a run, and the line that says why.
func conclude(report *conformance.Report, notWritten error) (status int, line string) {
	verdict, headline, reason := report.Verdict, report.Headline(), strings.TrimSpace(report.Reason()+" "+report.Unrestored())
	if notWritten != nil {
		reason = "a report could not be written: " + notWritten.Error() + ". The server is " + strings.ToLower(headline) + ": " + reason
		if verdict == conformance.Conformant {
			verdict, headline = conformance.Inconclusive, "Inconclusive"
		}
	}
	line = loud(headline) + ": " + render.Line(reason)
	switch verdict {
	case conformance.Conformant:
		return exitConformant, line
	case conformance.NonConformant:
		return exitNonConformant, line
	}
	return exitInconclusive, line
}

// loud returns the headline with its verdict in capitals.
func loud(headline string) string {
	if qualification, ok := strings.CutPrefix(headline, "Conformant"); ok {
		return "CONFORMANT" + qualification
	}
	return strings.ToUpper(headline)
}
