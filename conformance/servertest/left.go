package servertest

import (
	"maps"
	"slices"
)

// remember notes the attributes of a patch that the page does not name, since a server
// may keep them.
func (s *session) remember(document any) {
	doc, _ := document.(object)
	data, _ := doc["data"].(object)
	attributes, _ := data["attributes"].(object)
	address, _ := attributes["address"].(object)
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range attributes {
		if !isAttribute(name) && name != "createdAt" {
			s.strange["/"+name] = true
		}
	}
	for name := range address {
		if !slices.Contains(pointers, "/address/"+name) {
			s.strange["/address/"+name] = true
		}
	}
}

// leftBehind clears what the run sent though the page does not name it, where the user
// has it now and had not before. It returns the pointers of what stays.
func (s *session) leftBehind() []string {
	left := s.left()
	if len(left) == 0 {
		return nil
	}
	for _, p := range left {
		if name, in := memberOf(p); in {
			s.try(s.newTrial(), object{"address": object{name: nil}})
			continue
		}
		s.try(s.newTrial(), object{p[1:]: nil})
	}
	return s.left()
}

func (s *session) left() []string {
	r, err := s.readRecord(s.newTrial(), s.target.User)
	if err != nil {
		return nil
	}
	var left []string
	for _, p := range slices.Sorted(maps.Keys(s.strange)) {
		if _, had := lookup(s.original.attributes, p); !had {
			if _, has := lookup(r.attributes, p); has {
				left = append(left, p)
			}
		}
	}
	return left
}
