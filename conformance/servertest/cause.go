package servertest

import (
	"slices"

	"github.com/userrecord/userrecord/conformance"
)

// causes collects what the failed checks of a run have in common.
type causes struct {
	failed []explained
}

// explained is a failed check, with what each of the suspicions says of it.
type explained struct {
	id    string
	about []string            // the attributes that its failures are about
	found []conformance.Cause // the zero value where it says nothing
}

// note looks at a failed check.
func (c *causes) note(id string, e *evidence) {
	x := explained{id: id}
	for _, f := range e.failures {
		if p := pointerIn(f); p != "" {
			x.about = append(x.about, attributeOf(p))
		}
	}
	for _, s := range suspicions {
		title, hint := s.look(e)
		x.found = append(x.found, conformance.Cause{Title: title, Hint: hint})
	}
	c.failed = append(c.failed, x)
}

// report returns the causes that explain enough requirements, each requirement by the
// first of them. The cause that explains most comes first.
func (c *causes) report(h *hider) []conformance.Cause {
	var all []conformance.Cause
	done := map[string]bool{}
	for i, s := range suspicions {
		for _, cause := range c.alike(i, done) {
			if len(cause.Explains) < s.least || c.spread(cause.Explains) < s.spread {
				continue
			}
			for _, id := range cause.Explains {
				done[id] = true
			}
			cause.Title, cause.Hint = h.text(cause.Title), h.text(cause.Hint)
			all = append(all, cause)
		}
	}
	slices.SortStableFunc(all, func(a, b conformance.Cause) int { return len(b.Explains) - len(a.Explains) })
	return all
}

// alike returns what the suspicion says of the checks that are not done, each title with
// all of its checks and the first hint.
func (c *causes) alike(suspicion int, done map[string]bool) []conformance.Cause {
	var found []conformance.Cause
	for _, x := range c.failed {
		cause := x.found[suspicion]
		if cause.Title == "" || done[x.id] {
			continue
		}
		i := slices.IndexFunc(found, func(other conformance.Cause) bool { return other.Title == cause.Title })
		if i < 0 {
			i, found = len(found), append(found, cause)
		}
		if found[i].Hint == "" {
			found[i].Hint = cause.Hint
		}
		found[i].Explains = append(found[i].Explains, x.id)
	}
	return found
}

// spread returns how many attributes the failures of the checks are about.
func (c *causes) spread(ids []string) int {
	about := map[string]bool{}
	for _, x := range c.failed {
		if slices.Contains(ids, x.id) {
			for _, name := range x.about {
				about[name] = true
			}
		}
	}
	return len(about)
}
