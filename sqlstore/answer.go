package sqlstore

import (
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A question is what a statement was given, to compare the row that comes back
// with: a pooler or a driver may mix up answers, and what lies between may change
// values.
type question struct {
	set  uint32 // the columns that it sets, whose values are in args, in order
	args []any  // the last one is the id
}

// A mismatchError says that the row that came back is not the one of the question.
type mismatchError struct {
	columns []string // whose values differ
	foreign bool     // the id does: it is another user's row
}

func (e *mismatchError) Error() string { return "differs in " + strings.Join(e.columns, ", ") }

// compare returns a *mismatchError where the row is not what q asks for.
func (q question) compare(r *row, id uuid.UUID) error {
	if asked, err := uuid.Parse(q.args[len(q.args)-1].(string)); err != nil || asked != id {
		return &mismatchError{columns: []string{"id"}, foreign: true}
	}
	var differing []string
	arg, number := 0, 0
	for i := range columns {
		if q.set&(1<<i) != 0 {
			if !r.holds(i, number, q.args[arg:]) {
				differing = append(differing, columns[i].name)
			}
			arg += columns[i].width()
		}
		number += columns[i].width() - 1
	}
	if differing != nil {
		return &mismatchError{columns: differing}
	}
	return nil
}

// holds reports whether the row's column i holds what args begins with, as
// [column.args] has made it; number is the place of its second column.
func (r *row) holds(i, number int, args []any) bool {
	text, given := args[0].(string)
	if given != r.texts[i].Valid || text != r.texts[i].V {
		return false
	}
	return columns[i].isNumber == "" || args[1] == r.isNumber[number]
}

// differsInValues reports whether err says that the row is the user's, with other
// values.
func differsInValues(err error) bool {
	mismatch, ok := errors.AsType[*mismatchError](err)
	return ok && !mismatch.foreign
}

// accepted returns the row all the same where the host allows that it differs from
// what was sent.
func (s *Store) accepted(user userstore.User, err error) (userstore.User, error) {
	if s.opts.AllowRewrites && differsInValues(err) {
		return user, nil
	}
	return user, err
}
