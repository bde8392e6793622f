package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/userrecord/userrecord/conformance"
)

// fieldFlags are the fields that the suite names, each with the flag, or the
// variable of the environment, that sets it.
var fieldFlags = []string{
	"Target.URL", "-url",
	"Target.User", "-user",
	"Target.Token", "ACCESS_TOKEN",
	"Target.OtherUser", "-other-user",
	"Target.UnknownUser", "-unknown-user",
	"Target.FailingUser", "-failing-user",
	"Target.ForbiddenToken", "FORBIDDEN_TOKEN",
	"Target.UnlinkedToken", "UNLINKED_TOKEN",
	"Target.ReadByGet", "-read-get",
	"Target.Record", "-record",
	"Target.Managed", "-managed",
	"Target.Header", "-header",
	"Target.TLS", "-cacert",
	"Options.Strict", "-strict",
	"Options.Run", "-run",
	"Options.Skip", "-skip",
	"Options.KnownFailing", "-known-failing",
	"Options.Rate", "-rate",
	"Options.Timeout", "-timeout",
	"Options.MaxTime", "-max-time",
	"Options.Seed", "-seed",
	"Options.ShowValues", "-show-values",
}

// inFlags replaces the fields in a text of the suite.
var inFlags = strings.NewReplacer(fieldFlags...)

// requirementsInFlags returns the requirements, what they need in words of this
// command.
func requirementsInFlags(all []conformance.Requirement) []conformance.Requirement {
	all = slices.Clone(all)
	for i := range all {
		all[i].Needs = needsInFlags(all[i].Needs)
	}
	return all
}

func needsInFlags(needs []string) []string {
	needs = slices.Clone(needs)
	for i := range needs {
		needs[i] = inFlags.Replace(needs[i])
	}
	return needs
}

func resultInFlags(r conformance.Result, header headerFlags) conformance.Result {
	r.Needs = needsInFlags(r.Needs)
	r.Obstacle = inFlags.Replace(r.Obstacle)
	r.Exchanges = slices.Clone(r.Exchanges)
	for i := range r.Exchanges {
		r.Exchanges[i].Curl = header.inShell(r.Exchanges[i].Curl)
	}
	return r
}

// reportInFlags returns the report in words of this command, with lines for a shell that
// take the values of -header from where the command has them.
func reportInFlags(report *conformance.Report, header headerFlags) *conformance.Report {
	translated := *report
	translated.Obstacle = inFlags.Replace(report.Obstacle)
	translated.Notes = nil
	for _, n := range report.Notes {
		translated.Notes = append(translated.Notes, inFlags.Replace(n))
	}
	translated.Results = nil
	for _, r := range report.Results {
		translated.Results = append(translated.Results, resultInFlags(r, header))
	}
	return &translated
}

// errorInFlags returns an error of [servertest.Check] as one of this command.
func errorInFlags(err error) error {
	var config *conformance.ConfigError
	if !errors.As(err, &config) {
		return err
	}
	return fmt.Errorf("%s: %s", inFlags.Replace(config.Field), inFlags.Replace(config.Problem))
}
