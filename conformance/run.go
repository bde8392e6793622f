package conformance

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// CheckServer runs the requirements of servers against the target. The error
// says what is wrong with the target or the options; a server that cannot be
// reached or read gives an inconclusive report. When ctx ends, so does the run,
// once the user is restored; what did not run by then is not run.
func CheckServer(ctx context.Context, target Target, opts *Options) (*Report, error) {
	o := opts.seeded()
	if err := errors.Join(target.validate(), o.validate(requirementsOf(Server))); err != nil {
		return nil, err
	}
	s := newSession(ctx, target, o)
	report := o.newReport(Server, target.URL)
	s.fill(report)
	report.finish()
	return report, nil
}

// seeded returns the options, or the zero value for nil, with a seed.
func (o *Options) seeded() Options {
	var with Options
	if o != nil {
		with = *o
	}
	if with.Seed == 0 {
		with.Seed = 1 + rand.Uint64N(1<<53-1) // every reader of JSON keeps it whole
	}
	return with
}

func (o *Options) newReport(subject, target string) *Report {
	return &Report{Schema: 1, Subject: subject, Target: target, Strict: o.Strict, Seed: o.Seed, Started: time.Now().UTC()}
}

// finish fills in what follows from the results.
func (r *Report) finish() {
	r.Duration = time.Since(r.Started)
	r.summarize()
	r.judge()
}

func newSession(ctx context.Context, target Target, o Options) *session {
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
func (s *session) fill(report *Report) {
	blocked := ""
	if err := s.begin(); err != nil {
		blocked = s.hide.text(err.Error())
	} else if !slices.ContainsFunc(pointers, func(p string) bool { return s.notWritable(p) == "" }) {
		blocked = "no attribute of the user may be written: give it some attributes"
	}
	runSelected(&s.opts, report, serverChecks(), func(c check) Result {
		defer s.refill()
		return s.result(c, blocked)
	})
	if s.ctx.Err() != nil {
		blocked = stopped // a part of a run proves nothing
	}
	if s.original != nil {
		report.NotRestored = s.restore()
	}
	report.Reason = blocked
}

// runSelected runs the checks that the options select, in their order, and adds
// their results to the report.
func runSelected[C interface{ id() string }](o *Options, report *Report, checks []C, run func(C) Result) {
	var selected []C
	for _, c := range checks {
		if o.selects(c.id()) {
			selected = append(selected, c)
		}
	}
	for i, c := range selected {
		begin := time.Now()
		result := run(c)
		result.Duration = time.Since(begin)
		result.KnownFailing = o.KnownFailing[c.id()]
		report.Results = append(report.Results, result)
		if o.Progress != nil {
			o.Progress(i+1, len(selected), result)
		}
	}
}

func (r Requirement) id() string { return r.ID }

// result runs one check.
func (s *session) result(c check, blocked string) Result {
	t := &trial{session: s, Requirement: c.Requirement}
	o := outcome{NotRun, blocked}
	switch {
	case blocked == "":
		o = s.attempt(t, c)
	case c.ID == "success.status" && s.current != nil && s.original == nil:
		o = s.attemptEcho(t, o)
	}
	r := Result{Requirement: c.Requirement, Status: o.status, Reason: s.hide.text(o.reason), Exchanges: []Exchange{}}
	if r.Status != Passed && t.exchanges != nil {
		r.Exchanges = t.exchanges
	}
	return r
}

// attempt runs the check where its fixtures are there.
func (s *session) attempt(t *trial, c check) outcome {
	if s.ctx.Err() != nil {
		return outcome{NotRun, stopped}
	}
	for _, need := range c.Needs {
		if !s.target.has(need) {
			return outcome{NotRun, "needs " + need}
		}
	}
	o := ended(func() { c.run(t) })
	if s.ctx.Err() != nil {
		return outcome{NotRun, stopped}
	}
	return o.graded(c.Level, s.opts.Strict, t.observed)
}

// attemptEcho tries a patch of what the user is said to have, where the user
// could not be read in that way: an answer that takes the patch, and is not the
// record, is a failure in itself.
func (s *session) attemptEcho(t *trial, blocked outcome) outcome {
	a, err := s.exchange(t, t.patchOf(s.target.User, s.echo()))
	if err != nil || a.status/100 != 2 {
		return blocked
	}
	if _, err = a.record(); a.status != http.StatusOK || err != nil {
		return outcome{Failed, fmt.Sprintf("expected 200 with the user record, got %d with a body of %d bytes that is not it", a.status, len(a.body))}
	}
	return blocked
}

const stopped = "the run was stopped"

// ended runs a check and returns the outcome with which it ended.
func ended(run func()) (o outcome) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case outcome:
			o = v
		default:
			panic(v)
		}
	}()
	run()
	return outcome{Passed, ""}
}

// graded turns what a check found into a status, by its level.
func (o outcome) graded(level Level, strict bool, observed []string) outcome {
	seen := strings.Join(observed, "; ")
	switch {
	case o.status == Failed && level == Should && !strict:
		o.status = Warned
	case o.status != NotRun && level == Observe:
		if o.reason == "" {
			o.reason = seen
		}
		o.status = Observed
	case o.status == Passed:
		o.reason = seen
	}
	return o
}

// judge sets the verdict and its reason.
func (r *Report) judge() {
	var failed, passing []string
	musts := 0
	for _, result := range r.Results {
		ok := result.Status == Passed
		switch {
		case result.Status == Failed && result.KnownFailing == "":
			failed = append(failed, result.ID)
		case ok && result.KnownFailing != "":
			passing = append(passing, result.ID)
		}
		if result.Level == Must && result.Status != NotRun {
			musts++
		}
	}
	switch {
	case len(failed) > 0:
		r.Verdict, r.Reason = NonConformant, fmt.Sprintf("%s failed: %s.", requirements(len(failed)), strings.Join(failed, ", "))
	case len(passing) > 0:
		r.Verdict, r.Reason = NonConformant, fmt.Sprintf("listed as known to fail, and passed: %s.", strings.Join(passing, ", "))
	case r.Reason != "":
		r.Verdict = Inconclusive
	case len(r.NotRestored) > 0:
		r.Verdict, r.Reason = Inconclusive, "the user could not be restored: "+strings.Join(r.NotRestored, ", ")+"."
	case musts == 0:
		r.Verdict, r.Reason = Inconclusive, "no MUST requirement could run."
	default:
		r.Verdict, r.Reason = Conformant, fmt.Sprintf("%s passed and none failed.", requirements(r.Summary.Passed))
	}
}

func requirements(n int) string {
	if n == 1 {
		return "1 requirement"
	}
	return fmt.Sprintf("%d requirements", n)
}

func requirementsOf(subject string) []Requirement {
	var of []Requirement
	for _, r := range Requirements() {
		if r.Subject == subject {
			of = append(of, r)
		}
	}
	return of
}
