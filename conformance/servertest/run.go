package servertest

import (
	"context"
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
		statuses: map[int]string{},
		dates:    map[string]int{},
		kept:     map[string]bool{},
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
	s.runAll(report, obstacle)
	if stopped := suite.Obstacle(s.ctx); stopped != "" {
		obstacle = stopped // the part of the run that was done proves nothing
	}
	if s.original != nil {
		report.NotRestored = s.restore()
	}
	report.Obstacle = obstacle
}

// runAll runs the checks that the options select, carefully if there is an obstacle.
func (s *session) runAll(report *conformance.Report, obstacle string) {
	selected := suite.Select(&s.opts, checks(), func(c check) string { return c.ID })
	r := runner{
		session: s, checks: selected,
		careful: func(c check) conformance.Result {
			defer s.refill()
			return s.result(c, obstacle)
		},
		add: func(result conformance.Result) { suite.Add(&s.opts, report, len(selected), result) },
	}
	if obstacle != "" {
		for i := range r.checks {
			r.checks[i].way = carefully
		}
	}
	r.run()
}

// result runs one check, unless there is an obstacle.
func (s *session) result(c check, obstacle string) conformance.Result {
	t := newTrial(s, c.Requirement)
	o := suite.NotRun(obstacle)
	switch {
	case obstacle == "":
		o = s.attempt(t, c)
	case s.original == nil && c.unread != nil:
		if tried := suite.Ended(func() { c.unread(t) }); tried.Status == conformance.Failed {
			o = tried.Graded(c.Level, s.opts.Strict, nil)
		}
	}
	return s.resultOf(t, o)
}

// resultOf returns the result of a trial that ended so.
func (s *session) resultOf(t *trial, o suite.Outcome) conformance.Result {
	var exchanges []conformance.Exchange
	if o.Status != conformance.Passed {
		exchanges = t.transcript()
	}
	return o.Mapped(s.hide.text).Result(t.Requirement, exchanges)
}

// attempt runs the check, unless a fixture is missing.
func (s *session) attempt(t *trial, c check) suite.Outcome {
	if stopped := suite.Obstacle(s.ctx); stopped != "" {
		return suite.NotRun(stopped)
	}
	for _, f := range c.needs {
		if !f.given(&s.target) {
			return suite.NotRun("needs " + f.name)
		}
	}
	o := suite.Ended(func() { c.run(t) })
	if stopped := suite.Obstacle(s.ctx); stopped != "" {
		return suite.NotRun(stopped)
	}
	return o.Graded(c.Level, s.opts.Strict, t.observed)
}
