package storetest

import (
	"cmp"
	"context"
	"fmt"

	"github.com/userrecord/userrecord/conformance"
)

// A run checks the Stores of an Opener.
type run struct {
	ctx    context.Context
	open   Opener
	opts   *conformance.Options
	report *conformance.Report
	hung   int // checks that did
}

// result runs one check, unless there is an obstacle.
func (r *run) result(c check) conformance.Result {
	t := newTrial(r.ctx, r.open, r.opts, c.Requirement)
	found := t.attempt(c, r.report.Obstacle)
	r.report.Target = cmp.Or(r.report.Target, t.storeType)
	r.report.Obstacle = cmp.Or(r.report.Obstacle, t.obstacle)
	if h := t.hung(); h != nil && r.report.Obstacle == "" {
		r.hung++
		r.report.Obstacle = r.hopeless(h)
	}
	return found.Result(c.Requirement, nil)
}

// maxHung is how many checks may hang before the run ends.
const maxHung = 12

// hopeless says why the run is to end after a call that hung. Most Stores that hang do so
// wherever they are called, and each check that finds it out again takes the whole
// timeout.
func (r *run) hopeless(h *hang) string {
	plain := newTrial(r.ctx, r.open, r.opts, conformance.Requirement{ID: "plain"})
	plain.attempt(check{run: plainCalls}, "")
	again := plain.hung()
	switch {
	case plain.obstacle != "":
		return plain.obstacle
	case again != nil:
		return fmt.Sprintf("%v, and neither did a plain %s", h, again.what)
	case r.hung == maxHung:
		return fmt.Sprintf("%d checks had a call that did not return", maxHung)
	}
	return ""
}

// plainCalls makes the two calls in their plainest form.
func plainCalls(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	_, _ = s.Get(t.ctx, u.ID)
	_, _ = s.Patch(t.ctx, u.ID, plainAttributes(1))
}
