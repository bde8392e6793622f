package sqlstore

import (
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A pooler or a driver may mix up answers, and anything in between may change
// values. So each row that comes back is compared with what was sent.

// A mismatchError reports that a row is not the one that was asked for.
type mismatchError struct {
	columns []string // whose values differ
	foreign bool     // it is another user's row, or there is none
}

func (e *mismatchError) Error() string { return "differs in " + strings.Join(e.columns, ", ") }

// compare returns a *mismatchError if the row of the user with that id does not
// hold the assignment.
func (l *layout) compare(a assignment, r *row, id uuid.UUID) error {
	if id != a.id {
		return &mismatchError{columns: []string{l.id}, foreign: true}
	}
	var differing []string
	args := a.args
	for i := range l.columns {
		c := &l.columns[i]
		if a.set&(1<<i) == 0 {
			continue
		}
		if !r.holds(i, args[:c.width()]) {
			differing = append(differing, l.describe(c))
		}
		args = args[c.width():]
	}
	if differing != nil {
		return &mismatchError{columns: differing}
	}
	return nil
}

// describe returns the name of the column, and with a mapping the attribute.
func (l *layout) describe(c *column) string {
	if !l.mapped {
		return c.name
	}
	return c.name + " (" + c.pointer + ")"
}

// holds reports whether columns[i] has the values of args, which
// [column.appendArgs] has made.
func (r *row) holds(i int, args []any) bool {
	text, isValue := args[0].(string)
	if isValue != r.texts[i].Valid || text != r.texts[i].V {
		return false
	}
	return len(args) == 1 || args[1] == r.isNumber[i]
}

// differsInValues reports whether err says that the row is the right user's, but
// with other values.
func differsInValues(err error) bool {
	mismatch, ok := errors.AsType[*mismatchError](err)
	return ok && !mismatch.foreign
}

// allowRewrites drops the error if the host allows the values to differ.
func (s *Store) allowRewrites(user userstore.User, err error) (userstore.User, error) {
	if s.opts.AllowRewrites && differsInValues(err) {
		return user, nil
	}
	return user, err
}
