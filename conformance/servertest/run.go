package servertest

import (
	"context"
	"errors"
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
	ctx, end := context.WithCancelCause(ctx)
	return &session{
		ctx: ctx, end: end, target: target, opts: o, client: newClient(&target),
		hide:     newHider(&target, o.ShowValues),
		room:     maxResults,
		statuses: map[int]string{},
		strange:  map[string]bool{},
		dates:    map[string]int{},
		keeps:    map[string]bool{},
	}
}

// fill runs the checks and adds their results to the report.
func (s *session) fill(report *conformance.Report) {
	obstacle, reason := s.obstacle()
	s.runAll(report, reason)
	if stopped := suite.Obstacle(s.ctx); stopped != "" {
		obstacle = stopped // the part of the run that was done proves nothing
	}
	report.Obstacle = obstacle
	report.Causes = s.causes.report(s.hide)
	s.leave(report)
}

// runAll runs the checks that the options select, unless there is a reason not to.
func (s *session) runAll(report *conformance.Report, reason string) {
	selected := suite.Select(&s.opts, report, checks(), func(c check) string { return c.ID })
	for i, c := range selected {
		if _, decided := s.first.decided[c.ID]; decided || reason != "" {
			selected[i].way = carefully
		}
	}
	r := runner{
		session: s, checks: selected,
		careful: func(c check) conformance.Result {
			defer s.refill()
			return s.result(c, reason)
		},
		add: func(result conformance.Result) { suite.Add(&s.opts, report, len(selected), result) },
	}
	r.run()
}

// obstacle begins the run. It returns what keeps the run as a whole from a verdict, and
// the same as the reason why a check does not run.
func (s *session) obstacle() (whole, reason string) {
	err := s.begin()
	switch {
	case errors.Is(err, errBlocked):
		return cut(s.hide.text(s.first.obstacle()), maxText), "because of " + s.first.cause
	case s.ctx.Err() != nil:
		whole = suite.Obstacle(s.ctx)
	case err != nil:
		whole = cut(s.hide.text(err.Error()), maxText)
	case !slices.ContainsFunc(pointers, func(p string) bool { return s.notWritable(p) == "" }):
		whole = strings.TrimSpace("no attribute of the user may be written: give it some attributes. " + namesHint(s.original.attributes))
	}
	return whole, whole
}

// leave puts the user back, and says what is not as it was, and what the run has to say
// of itself.
func (s *session) leave(report *conformance.Report) {
	if s.original != nil && (s.first.cause == "" || s.first.cause == "merge.omitted") {
		report.NotRestored, report.LeftBehind = s.restore()
	}
	if len(s.overwritten) > 0 {
		report.NotRestored = slices.Compact(slices.Sorted(slices.Values(append(report.NotRestored, s.overwritten...))))
		if report.Obstacle == "" {
			report.Obstacle = "the user could be read only after " + s.overwritten[0] + " was set, and what it was before is not known: give the user's record (Target.Record)"
		} else {
			s.notef("Nothing showed the record, and so the run set what it cannot restore: give the user's record (Target.Record).")
		}
	}
	if left := strings.Join(report.LeftBehind, ", "); left != "" {
		s.notef("The server keeps what was not there before the run, and does not clear it: %s.", left)
	}
	report.Notes = slices.Concat(s.notes, s.repeatNotes(), s.hide.notes())
}

// result runs one check, unless the first valid patch has decided it, or there is a
// reason not to.
func (s *session) result(c check, reason string) conformance.Result {
	t := newTrial(s, c.Requirement)
	o, decided := s.first.decided[c.ID]
	switch {
	case decided:
		t.exchanges = s.first.exchanges
		o = o.Graded(c.Level, s.opts.Strict, nil)
	case reason != "":
		o = suite.NotRun(reason)
	default:
		t, o = s.surely(t, c)
	}
	return s.resultOf(t, o)
}

// resultOf returns the result of a trial that ended so.
func (s *session) resultOf(t *trial, o suite.Outcome) conformance.Result {
	var exchanges []conformance.Exchange
	if o.Status != conformance.Passed {
		exchanges = t.transcript(len(o.Failures) > 0)
	}
	if id := t.Requirement.ID; o.Failed() && s.opts.KnownFailing[id] == "" {
		s.causes.note(id, t.evidence(o.Failures))
	}
	return s.fit(o.Mapped(s.hide.text).Result(t.Requirement, exchanges))
}

// surely attempts the check. If it failed while the server was not well, it is attempted
// once more when the server is.
func (s *session) surely(t *trial, c check) (*trial, suite.Outcome) {
	o := s.attempt(t, c)
	if !t.doubtful || len(o.Failures) == 0 && o.Status != conformance.NotRun {
		return t, o
	}
	is := s.recovered()
	if is == gone {
		return t, suite.NotRun(suite.Obstacle(s.ctx))
	}
	s.refill()
	again := newTrial(s, c.Requirement)
	o2 := s.attempt(again, c)
	if is == well && again.doubtful && t.concurrent() {
		return t, o // what came by chance need not come again
	}
	return again, o2
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
