package servertest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// restoreTimeout limits the restoration, which runs even after a cancellation.
const restoreTimeout = 30 * time.Second

// restore gives the user the record that it had before the run, as far as the server
// allows, and returns the pointers of what is still different.
func (s *session) restore() []string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), restoreTimeout)
	defer cancel()
	s.ctx = ctx
	t := newTrial(s, setup)
	for attempt := range 3 {
		changed := s.changed(t)
		if len(changed) == 0 {
			return nil
		}
		s.putBack(t, changed, attempt)
	}
	return s.changed(t)
}

// putAllBack gives the user the record that it had before the run.
func (s *session) putAllBack() {
	t := newTrial(s, setup)
	if changed := s.changed(t); len(changed) > 0 {
		s.putBack(t, changed, 0)
	}
}

// refill gives back what a check cleared, so that the next one would see it lost.
func (s *session) refill() {
	if s.original == nil {
		return
	}
	if missing := s.missing(); len(missing) > 0 {
		s.putBack(newTrial(s, setup), missing, 1)
	}
}

// missing returns the pointers of the scalars that had a value before the run, and have
// none now.
func (s *session) missing() []string {
	var missing []string
	now := s.stateNow()
	for _, p := range pointers {
		_, had := s.original.state[p]
		if _, has := now[p]; had && !has {
			missing = append(missing, p)
		}
	}
	return missing
}

// changed returns the pointers of the scalars that are not as before the run, or the
// empty pointer if the user cannot be read.
func (s *session) changed(t *trial) []string {
	r, err := s.readRecord(t, s.target.User)
	if err != nil {
		return []string{""}
	}
	var changed []string
	for _, p := range pointers {
		if r.state[p] != s.original.state[p] {
			changed = append(changed, p)
		}
	}
	return changed
}

// putBack patches the attributes to their original values. The first attempt sends all
// of them at once, the second each by itself, and the third with numbers as strings,
// for a server that refuses what it shows.
func (s *session) putBack(t *trial, changed []string, attempt int) {
	patch := s.originals(changed, attempt == 2)
	if attempt == 0 {
		s.try(t, patch)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(patch)) {
		s.try(t, object{name: patch[name]})
	}
}

// originals returns the attributes that give the scalars their original values back.
func (s *session) originals(changed []string, asText bool) object {
	patch := object{}
	for _, p := range changed {
		if p != "" && !s.managed(p) {
			patch[attributeOf(p)] = s.originalValue(attributeOf(p), asText)
		}
	}
	return patch
}

// originalValue returns the value that gives the attribute its original value back.
func (s *session) originalValue(name string, asText bool) any {
	v := s.original.attributes[name]
	address, ok := v.(object)
	if !ok {
		return v
	}
	whole, now := object{}, s.stateNow()
	for _, p := range pointers {
		member, inAddress := memberOf(p)
		if !inAddress {
			continue
		}
		value, had := lookup(s.original.attributes, p)
		_, has := now[p]
		switch {
		case had && asText:
			whole[member] = fmt.Sprint(value)
		case had:
			whole[member] = address[member]
		case has && s.learned.address == addressModeMerged:
			whole[member] = nil
		}
	}
	return whole
}
