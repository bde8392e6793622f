// Package storetest checks whether a [userstore.Store] keeps what the interface
// promises: [Run] for go test, [Check] for everything else.
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
// nil. Every check opens Stores of its own, one or more. The users keep the given
// CreatedAt, even if the Store sets it otherwise.
type Opener func(ctx context.Context, users ...userstore.User) (store userstore.Store, close func() error, err error)

// Run checks the Stores as [Check] does, and makes a subtest of each requirement,
// with its id as its name and as the attribute "requirement". A MUST that is not
// met fails its subtest; everything else is logged.
func Run(t *testing.T, open Opener) {
	t.Helper()
	report, err := Check(t.Context(), open, nil)
	if err != nil {
		t.Fatal(err)
	}
	suite.Show(t, report)
}

// Check runs the requirements of Stores, each against a Store of its own. The
// error is a [conformance.ConfigError] that says what is wrong with the options. If no
// Store can be opened, the report is inconclusive. A Store that panics, or does not
// return within Options.Timeout, fails the check. When ctx is done, the run ends; the
// checks that have not run by then have the status [conformance.NotRun].
func Check(ctx context.Context, open Opener, opts *conformance.Options) (*conformance.Report, error) {
	o, err := suite.Configure(opts, Requirements())
	if err != nil {
		return nil, err
	}
	ctx, cancel := suite.Limited(ctx, &o)
	defer cancel()
	report := suite.NewReport(conformance.Store, "", &o)
	suite.Run(&o, report, checks(), func(c check) string { return c.ID }, func(c check) conformance.Result {
		t := newTrial(ctx, open, &o, c.Requirement)
		found := t.attempt(c, report.Obstacle)
		report.Target = cmp.Or(report.Target, t.storeType)
		report.Obstacle = cmp.Or(report.Obstacle, t.obstacle)
		return found.Result(c.Requirement, nil)
	})
	report.Obstacle = cmp.Or(report.Obstacle, suite.Obstacle(ctx))
	suite.Finish(report)
	return report, nil
}
