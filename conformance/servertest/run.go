package servertest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

func newSession(ctx context.Context, target Target, o conformance.Options) *session {
	if target.UnknownUser == uuid.Nil {
		target.UnknownUser = uuid.New()
	}
	client := target.Client
	if client == nil {
		client = &http.Client{
			Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64, Proxy: http.ProxyFromEnvironment},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return &session{
		ctx: ctx, target: target, opts: o, client: client,
		hide:     newHider(&target, o.ShowValues),
		rand:     rand.New(rand.NewPCG(o.Seed, 0)),
		statuses: map[int]string{},
	}
}

// fill runs the checks and adds their results to the report.
func (s *session) fill(report *conformance.Report) {
	obstacle := ""
	if err := s.begin(); err != nil {
		obstacle = s.hide.text(err.Error())
	} else if !slices.ContainsFunc(pointers, func(p string) bool { return s.notWritable(p) == "" }) {
		obstacle = "no attribute of the user may be written: give it some attributes"
	}
	suite.Run(&s.opts, report, checks(), func(c check) string { return c.ID }, func(c check) conformance.Result {
		defer s.refill()
		return s.result(c, obstacle)
	})
	if s.ctx.Err() != nil {
		obstacle = suite.Stopped // a part of a run proves nothing
	}
	if s.original != nil {
		report.NotRestored = s.restore()
	}
	report.Obstacle = obstacle
}

// result runs one check.
func (s *session) result(c check, obstacle string) conformance.Result {
	t := &trial{session: s, Requirement: c.Requirement}
	o := suite.NotRun(obstacle)
	switch {
	case obstacle == "":
		o = s.attempt(t, c)
	case c.ID == "success.status" && s.current != nil && s.original == nil:
		o = s.attemptEcho(t, o)
	}
	return o.Mapped(s.hide.text).Result(c.Requirement, t.exchanges)
}

// attempt runs the check where its fixtures are there.
func (s *session) attempt(t *trial, c check) suite.Outcome {
	if s.ctx.Err() != nil {
		return suite.NotRun(suite.Stopped)
	}
	for _, f := range c.needs {
		if !f.given(&s.target) {
			return suite.NotRun("needs " + f.name)
		}
	}
	o := suite.Ended(func() { c.run(t) })
	if s.ctx.Err() != nil {
		return suite.NotRun(suite.Stopped)
	}
	return o.Graded(c.Level, s.opts.Strict, t.observed)
}

// attemptEcho tries a patch of what the user is said to have, where the user
// could not be read in that way: an answer that takes the patch, and is not the
// record, is a failure in itself.
func (s *session) attemptEcho(t *trial, obstacle suite.Outcome) suite.Outcome {
	a, err := s.exchange(t, t.patchOf(s.target.User, s.echo()))
	if err != nil || a.status/100 != 2 {
		return obstacle
	}
	if _, err = a.record(); a.status != http.StatusOK || err != nil {
		return suite.Failed(failure{Expected: "200 with the user record", Got: fmt.Sprintf("%d with a body of %d bytes that is not it", a.status, len(a.body))})
	}
	return obstacle
}
