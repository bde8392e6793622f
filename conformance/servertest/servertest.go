// Package servertest checks whether a server of the documented operation
// PATCH /users/{userId}, in any language, does what the page and the standards
// that it builds on ask for: [Run] and [RunHandler] for go test, [Check] for
// everything else.
//
// The checks are in one file for each family: those of merge.* in
// check_merge.go.
//
// A run writes only to the user that it is given, restores that user's record at
// the end, and sends neither DELETE nor PUT.
package servertest

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// Run checks the target as [Check] does, and makes a subtest of each requirement,
// with its id as its name and as the attribute "requirement". A MUST that is not
// met fails its subtest; everything else is logged. The run ends before the deadline of
// the test (go test -timeout), so that the user is restored.
func Run(t *testing.T, target Target) {
	t.Helper()
	report, err := Check(t.Context(), target, suite.Before(t))
	if err != nil {
		t.Fatal(err)
	}
	suite.Show(t, report)
}

// RunHandler serves the handler on a loopback port, and checks it as [Run] does. The
// handler serves basePath/users/{userId}; basePath may be empty, or such as
// /user/2025-1. Target.URL must be empty.
func RunHandler(t *testing.T, h http.Handler, basePath string, target Target) {
	t.Helper()
	if target.URL != "" {
		t.Fatal("servertest: RunHandler chooses Target.URL: leave it empty")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go server.Serve(listener) //nolint:errcheck // it is ErrServerClosed
	defer server.Close()
	target.URL = "http://" + listener.Addr().String() + basePath
	Run(t, target)
}

// Check runs the requirements of servers against the target. The error is a
// [conformance.ConfigError] that says what is wrong with the target or the options. If
// the server cannot be reached, or the user cannot be read, the report is
// inconclusive. When ctx is done, or Options.MaxTime has passed, the run restores the
// user and ends; the checks that have not run by then have the status
// [conformance.NotRun].
func Check(ctx context.Context, target Target, opts *conformance.Options) (*conformance.Report, error) {
	return try(ctx, target, opts, checks())
}

// try runs those checks against the target.
func try(ctx context.Context, target Target, opts *conformance.Options, checks []check) (*conformance.Report, error) {
	o, err := suite.Configure(opts, Requirements())
	if err := cmp.Or(target.validate(), err); err != nil {
		return nil, err
	}
	ctx, cancel := suite.Limited(ctx, &o)
	defer cancel()
	s := newSession(ctx, target, o)
	defer s.client.CloseIdleConnections()
	report := suite.NewReport(conformance.Server, target.URL, &o)
	s.fill(report, checks)
	suite.Finish(report)
	return report, nil
}
