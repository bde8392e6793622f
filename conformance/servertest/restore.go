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

// A manner is a way to put attributes back. What one server takes, another refuses.
type manner int

const (
	mannerChanged manner = iota // what has changed, in one patch
	mannerWhole                 // the whole record in one patch, for a server that clears what is left out
	mannerEach                  // what has changed, each attribute by itself
	mannerTexts                 // the same with numbers as strings, for a server that refuses what it shows
	manners
)

// restore gives the user the record that it had before the run, as far as the server
// allows. It returns the pointers of what may still be different, and of what the run
// left behind.
func (s *session) restore() (different, left []string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), restoreTimeout)
	defer cancel()
	s.ctx, s.end = context.WithCancelCause(ctx)
	s.patience = patience{}
	for m := range manners {
		if different = s.changed(); len(different) == 0 {
			return nil, s.leftBehind()
		}
		s.putBack(different, m)
	}
	return s.changed(), s.leftBehind()
}

// putAllBack gives the user the record that it had before the run.
func (s *session) putAllBack() {
	if changed := s.changed(); len(changed) > 0 {
		s.putBack(changed, mannerChanged)
	}
}

// refill gives back what a check cleared, so that the next one would see it lost.
func (s *session) refill() {
	if s.original == nil || s.ctx.Err() != nil {
		return
	}
	if missing := s.missing(); len(missing) > 0 {
		s.putBack(missing, mannerEach)
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

// changed returns the pointers of the scalars that are not as before the run: all that
// the run may have written, if the user cannot be read.
func (s *session) changed() []string {
	r, err := s.readRecord(s.newTrial(), s.target.User)
	if err != nil {
		return s.written()
	}
	var changed []string
	for _, p := range pointers {
		if r.state[p] != s.original.state[p] {
			changed = append(changed, p)
		}
	}
	return changed
}

// written returns the pointers of the scalars that the run may have written.
func (s *session) written() []string {
	return slices.DeleteFunc(slices.Clone(pointers), func(p string) bool { return s.notWritable(p) != "" })
}

// putBackUnread puts everything back without reading: what the server cannot read, it
// may still be able to replace.
func (s *session) putBackUnread() {
	if s.original == nil {
		return
	}
	for _, m := range []manner{mannerWhole, mannerEach} {
		s.putBack(s.written(), m)
	}
}

// putBack patches the attributes to their original values.
func (s *session) putBack(changed []string, m manner) {
	if m == mannerWhole {
		changed = s.written()
	}
	patch := s.originals(changed, m == mannerTexts)
	if m == mannerChanged || m == mannerWhole {
		s.try(s.newTrial(), patch)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(patch)) {
		s.try(s.newTrial(), object{name: patch[name]})
	}
}

// originals returns the attributes that give the scalars their original values back.
func (s *session) originals(changed []string, asText bool) object {
	patch := object{}
	for _, p := range changed {
		if !s.managed(p) {
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
