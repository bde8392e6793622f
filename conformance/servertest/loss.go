package servertest

import (
	"maps"
	"slices"
)

// judgeLoss looks whether the answer to a patch of one attribute, or of none, lacks all
// others that the user had. That is the answer's fault, or the patch's: which, says a
// read afterwards, where there is one.
func (s *session) judgeLoss(t *trial, a *answer, before *record, patched string) error {
	answered, err := a.shownRecord()
	if err != nil || !lostAll(before, answered, patched) {
		return err
	}
	lost := failure{Where: "after a patch of " + patched, Expected: "the attributes that the user had", Got: "none of them"}
	if patched == "" {
		lost.Where = "after a patch without attributes"
	}
	id := "success.complete"
	if s.cleared(before, answered, patched) {
		id = "merge.omitted"
	}
	return s.block(t, a, answered, id, lost)
}

// cleared reports whether a patch has cleared what its answer lacks.
func (s *session) cleared(before, answered *record, patched string) bool {
	if s.first.reread == nil {
		return hasNulls(answered)
	}
	after, err := s.first.reread()
	return err == nil && lostAll(before, after, patched)
}

// judgeMissing notes that the answer to a patch lacks an attribute that was set with it
// or before it.
func (s *session) judgeMissing(t *trial, a *answer, r *record, missing, patched string) error {
	s.overwritten = append(s.overwritten, "/"+missing, "/"+patched)
	id := "success.complete"
	if missing != patched && hasNulls(r) {
		id = "merge.omitted"
		s.overwritten = slices.Clone(pointers) // a patch before has cleared who knows what
	}
	return s.block(t, a, r, id, failure{Where: "after a patch of " + patched, Expected: missing + ", which was set", Got: "no such attribute"})
}

// lostAll reports whether after has none of the attributes of before but the patched one.
func lostAll(before, after *record, patched string) bool {
	others := withValue(before)
	delete(others, patched)
	left := withValue(after)
	for name := range others {
		if left[name] {
			return false
		}
	}
	return len(others) > 1
}

// withValue returns the names of the attributes of the page that have a value.
func withValue(r *record) map[string]bool {
	names := map[string]bool{}
	for p := range r.state {
		if p != "/createdAt" {
			names[attributeOf(p)] = true
		}
	}
	return names
}

func hasNulls(r *record) bool {
	return slices.Contains(slices.Collect(maps.Values(r.attributes)), nil)
}
