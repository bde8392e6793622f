package servertest

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

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
		obstacle = strings.TrimSpace("no attribute of the user may be written: give it some attributes. " + namesHint(s.original.attributes))
	}
	s.refill() // what learning cleared
	suite.Run(&s.opts, report, checks(), func(c check) string { return c.ID }, func(c check) conformance.Result {
		defer s.refill()
		return s.result(c, obstacle)
	})
	if s.ctx.Err() != nil {
		obstacle = suite.Stopped // the part of the run that was done proves nothing
	}
	if s.original != nil {
		report.NotRestored = s.restore()
	}
	report.Obstacle = obstacle
	report.Causes = s.causes.report(s.hide)
	report.Notes = append(report.Notes, s.hide.notes()...)
}

// result runs one check, unless there is an obstacle.
func (s *session) result(c check, obstacle string) conformance.Result {
	t := &trial{session: s, Requirement: c.Requirement}
	s.reseed(c.ID)
	o := suite.NotRun(obstacle)
	switch {
	case obstacle == "":
		o = s.attempt(t, c)
	case s.original == nil && c.unread != nil:
		if tried := suite.Ended(func() { c.unread(t) }); tried.Status == conformance.Failed {
			o = tried.Graded(c.Level, s.opts.Strict, nil)
		}
	}
	var exchanges []conformance.Exchange
	if o.Status != conformance.Passed {
		exchanges = t.transcript(len(o.Failures) > 0)
	}
	if o.Failed() && s.opts.KnownFailing[c.ID] == "" {
		s.causes.note(c.ID, t.evidence(o.Failures))
	}
	return o.Mapped(s.hide.text).Result(c.Requirement, exchanges)
}

// attempt runs the check, unless a fixture is missing.
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
