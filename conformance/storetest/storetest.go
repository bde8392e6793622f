// Package storetest checks whether a [userstore.Store] keeps what the interface
// promises: [Run] for go test, [Check] for everything else. An example of Check is a Store
// over a document database behind a REST interface, in 60 lines.
//
// The checks are in one file for each topic: those of concurrent patches in
// check_concurrency.go.
package storetest

import (
	"cmp"
	"context"
	"testing"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
	"github.com/userrecord/userrecord/userstore"
)

// An Opener opens a Store that holds the users, each as [userstore.User.Canonical]
// returns it, and nobody else. It returns the Store, and a function that closes it or
// nil. Every check opens Stores of its own, one or more. The users must have the given
// CreatedAt, even if the Store usually sets that field itself.
type Opener func(ctx context.Context, users ...userstore.User) (store userstore.Store, close func() error, err error)

// Run checks the Stores as [Check] does, and makes a subtest of each requirement,
// with its id as its name and as the attribute "requirement". A MUST that is not
// met fails its subtest; everything else is logged.
func Run(t *testing.T, open Opener) {
	t.Helper()
	report, err := Check(t.Context(), open, suite.Before(t))
	if err != nil {
		t.Fatal(err)
	}
	suite.Show(t, report)
}

// Check runs the requirements of Stores, each against Stores of its own. The
// error is a [conformance.ConfigError] that says what is wrong with the options. If no
// Store can be opened, the report is inconclusive. When ctx is done, the run ends within a
// few seconds, inconclusive if nothing has failed; the checks that have not run by then
// have the status [conformance.NotRun].
//
// A Store that panics fails the check, and so does one whose Get or Patch does not
// return within Options.Timeout, or that takes six times as long to open or to close. If
// a plain Get or Patch then hangs too, or twelve checks have hung, the others do not run.
// The context of a call that hangs is cancelled, and the run goes on without it. Go
// cannot end its goroutine, which stays until the Store returns: a process whose Stores
// hang should not outlive the run for long.
func Check(ctx context.Context, open Opener, opts *conformance.Options) (*conformance.Report, error) {
	o, err := suite.Configure(opts, Requirements())
	if err != nil {
		return nil, err
	}
	ctx, cancel := suite.Limited(ctx, &o)
	defer cancel()
	r := &run{ctx: ctx, open: open, opts: &o, report: suite.NewReport(conformance.Store, "", &o)}
	suite.Run(&o, r.report, checks(), func(c check) string { return c.ID }, r.result)
	r.report.Obstacle = cmp.Or(r.report.Obstacle, suite.Obstacle(ctx))
	suite.Finish(r.report)
	return r.report, nil
}
