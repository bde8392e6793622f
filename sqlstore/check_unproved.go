package sqlstore

import (
	"slices"
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// Unproved returns the attributes whose columns the last Check could not prove, and why
// not: no value could be written and read back, since constraints of the host, or the
// lack of a right or of a row, were in the way. In a table of the host's own, /id stands
// for the column of the id, whose index could not be seen to refuse a second user, and
// /createdAt for that of the time of creation. Reasons hold the engine's code and the name
// of the constraint.
//
// It returns none before Check has succeeded. A host logs it when it starts.
func (s *Store) Unproved() []userstore.Problem {
	if unproved := s.unproved.Load(); unproved != nil {
		return slices.Clone(*unproved)
	}
	return nil
}

// proofs is what Check has found about columns, by their places.
type proofs struct {
	proved  map[int]bool
	refused map[int]error // why the last value was
}

// notProved returns the columns that are not proved, for the reason that they were refused,
// or else for that one.
func (s *Store) notProved(by proofs, reason string) (all []userstore.Problem) {
	for i, c := range s.layout.columns {
		switch {
		case c.name == "" || by.proved[i]:
		case by.refused[i] != nil:
			all = append(all, userstore.Problem{Pointer: c.pointer, Reason: "takes none of the values that were tried" + s.codesOf(by.refused[i])})
		default:
			all = append(all, userstore.Problem{Pointer: c.pointer, Reason: reason})
		}
	}
	return all
}

// codesOf returns what an error of the engine tells without any value, in brackets.
func (s *Store) codesOf(err error) string {
	var all []string
	f := s.engine.classify(err)
	for _, part := range []string{f.code, f.constraint, columnText(f.constraint, f.column)} {
		if part != "" {
			all = append(all, part)
		}
	}
	if all == nil {
		return ""
	}
	return " (" + strings.Join(all, ", ") + ")"
}
