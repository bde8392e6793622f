package sqlstore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// values returns the values of the conditions for a call, in order, without those that
// stand for NULL.
func (l *layout) values(ctx context.Context) (values []any, err error) {
	for i := range l.where {
		w := &l.where[i]
		if w.Value == nil {
			continue
		}
		v, err := w.Value(ctx)
		switch {
		case err != nil:
			return nil, err
		case isNull(v):
			return nil, fmt.Errorf("sqlstore: the condition on %s has no value", w.Column)
		}
		values = append(values, v)
	}
	return values, nil
}

// isNull reports whether the database would get NULL, which equals nothing.
func isNull(v any) bool {
	converted, err := driver.DefaultParameterConverter.ConvertValue(v)
	return err == nil && converted == nil
}

// valuesFor is values for a call that writes the whole user, which must fit the layout.
func (s *Store) valuesFor(ctx context.Context, user userstore.User) ([]any, error) {
	scalars := user.Attributes.Scalars()
	if err := s.layout.refuse(&scalars); err != nil {
		return nil, err
	}
	return s.layout.values(ctx)
}

// refuse returns a [userstore.InvalidError] of what the table has no place for.
func (l *layout) refuse(s *userstore.Scalars) error {
	if !l.mapped {
		return nil
	}
	var problems []userstore.Problem
	for i := range l.columns {
		if v, ok := s[i].Get(); ok {
			if reason := l.columns[i].refuse(v); reason != "" {
				problems = append(problems, userstore.Problem{Pointer: l.columns[i].pointer, Reason: reason})
			}
		}
	}
	if problems == nil {
		return nil
	}
	return &userstore.InvalidError{Problems: problems}
}

// refuse returns why a table of the host's has no place for v, or "".
func (c *column) refuse(v userstore.TextOrInt) string {
	switch {
	case c.name == "":
		return "cannot be kept by this service"
	case v.IsInt() && c.isNumber == "":
		return "must be a string here"
	case c.isDate && !isDate(v.Text()):
		return "must be a date of the form YYYY-MM-DD here"
	}
	return ""
}

// isDate reports whether the text is a date of a type date.
func isDate(text string) bool {
	day, err := time.Parse(time.DateOnly, text)
	return err == nil && day.Year() > 0
}
