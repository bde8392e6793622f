package servertest

import (
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// A runner runs checks in the quick way, and repeats in the careful way those that do not
// pass. For these only the careful run counts, in verdict, failures and exchanges.
type runner struct {
	*session
	checks  []check
	careful func(check) conformance.Result
	add     func(conformance.Result) // takes the results in the order of the checks

	results []*conformance.Result // of each check; nil until it is certain
	added   int
	waiting []*attempted
	failed  map[int]*attempted // in the quick way, by the judgement of the check
	atOnce  int
}

// An attempted check passed in the quick way. It becomes certain when the record turns out
// to be as it should be.
type attempted struct {
	index int
	trial *trial
	ended suite.Outcome
	took  time.Duration
}

// run runs the checks in their order, but all those together of which one is due.
func (r *runner) run() {
	r.results, r.atOnce = make([]*conformance.Result, len(r.checks)), atOnce
	r.failed = map[int]*attempted{}
	r.belief.confirmed = r.confirm
	r.refillQuickly()
	for i, c := range r.checks {
		switch {
		case c.way != together:
			r.one(i)
		case r.results[i] == nil:
			r.together(r.all(together))
		}
	}
	r.look()
}

// all returns the checks that are tried in that way.
func (r *runner) all(w way) []int {
	var found []int
	for i, c := range r.checks {
		if c.way == w {
			found = append(found, i)
		}
	}
	return found
}

// family returns the name of the family of the check.
func (r *runner) family(i int) string {
	name, _, _ := strings.Cut(r.checks[i].ID, ".")
	return name
}

// one runs one check.
func (r *runner) one(i int) {
	if r.checks[i].way == quickly && !r.stale {
		if passed := r.quickly(i, &quick{}); passed != nil {
			r.waiting = append(r.waiting, passed)
			if i+1 == len(r.checks) || r.family(i) != r.family(i+1) {
				r.refillQuickly()
			}
			return
		}
	}
	r.carefully([]int{i})
}

// quickly runs a check in the quick way. It returns nil unless all was as it should be.
func (r *runner) quickly(i int, q *quick) *attempted {
	c, begin := r.checks[i], time.Now()
	t := newQuickTrial(r.session, c.Requirement, q)
	o := r.attempt(t, c)
	if len(o.Failures) > 0 && !q.amiss && !t.doubtful && q.memo == nil {
		r.failed[i] = &attempted{i, t, o, time.Since(begin)}
	}
	if q.amiss || t.doubtful || len(o.Failures) > 0 || r.ctx.Err() != nil {
		return nil
	}
	return &attempted{i, t, o, time.Since(begin)}
}

// again runs a check in the careful way. It puts the record back first: what the quick
// way did wrong could be overlooked if it were done once more.
func (r *runner) again(i int) {
	if r.checks[i].way != carefully && !r.stale {
		r.putAllBack()
	}
	begin := time.Now()
	result := r.careful(r.checks[i])
	if first := r.failed[i]; first != nil && result.Status == conformance.NotRun && r.ctx.Err() == nil {
		result = r.resultOf(first.trial, first.ended) // it cannot be done twice
	}
	result.Duration = time.Since(begin)
	r.belief = belief{confirmed: r.confirm}
	r.keep(i, result)
}

// keep keeps a result that is certain.
func (r *runner) keep(i int, result conformance.Result) {
	r.results[i] = &result
	r.unsound = r.unsound || len(result.Failures) > 0
	for r.added < len(r.results) && r.results[r.added] != nil {
		r.add(*r.results[r.added])
		r.added++
	}
}

// accept makes the result of a check in the quick way certain.
func (r *runner) accept(a *attempted) {
	result := r.resultOf(a.trial, a.ended)
	result.Duration = a.took
	r.keep(a.index, result)
}

// confirm makes the waiting results certain.
func (r *runner) confirm() {
	for _, w := range r.waiting {
		r.accept(w)
	}
	r.waiting = nil
}

// look reads the user if results are waiting for that.
func (r *runner) look() {
	if len(r.waiting) > 0 {
		r.unchanged()
	}
}

// unchanged reads the user, and reports whether the record is as it should be. If it is
// not, the checks whose results were waiting run again.
func (r *runner) unchanged() bool {
	if !r.belief.wrong && r.session.look(r.newTrial()) {
		return true
	}
	doubtful := r.waiting
	r.waiting, r.belief = nil, belief{confirmed: r.confirm}
	for _, w := range doubtful {
		r.again(w.index)
	}
	return false
}

// refillQuickly is refill in the quick way.
func (r *runner) refillQuickly() {
	if r.original == nil {
		return
	}
	missing := r.missing()
	if len(missing) == 0 {
		return
	}
	t := newQuickTrial(r.session, setup, &quick{})
	put := suite.Ended(func() { t.mustPatch(r.originals(missing, false)) })
	if put.Status != conformance.Passed {
		r.look()
		r.refill()
		r.belief = belief{confirmed: r.confirm}
	}
}
