package sqlstore

import (
	"database/sql"
	"errors"
	"regexp"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A row is what a statement returns of one user.
type row struct {
	id        string
	createdAt instant
	texts     [len(columns)]sql.Null[string]
	isNumber  [numbers]bool
}

// scanner is [sql.Row] or [sql.Rows].
type scanner interface{ Scan(dest ...any) error }

// read reads the columns of columnList. The error of no row is
// [userstore.ErrNotFound].
func read(from scanner) (userstore.User, error) {
	return readAnswer(from, question{})
}

// readAnswer also compares the row with what was asked, if anything; it returns
// the user besides a *mismatchError.
func readAnswer(from scanner, q question) (userstore.User, error) {
	var r row
	dest := make([]any, 0, 2+len(columns)+numbers)
	dest = append(dest, &r.id, &r.createdAt)
	n := 0
	for i := range columns {
		dest = append(dest, &r.texts[i])
		if columns[i].isNumber != "" {
			dest = append(dest, &r.isNumber[n])
			n++
		}
	}
	switch err := from.Scan(dest...); {
	case errors.Is(err, sql.ErrNoRows):
		return userstore.User{}, userstore.ErrNotFound
	case err != nil:
		return userstore.User{}, unquoted(err, r.id)
	}
	user, err := r.user()
	if err == nil && q.args != nil {
		err = q.compare(&r, user.ID)
	}
	return user, err
}

func (r *row) user() (userstore.User, error) {
	id, err := uuid.Parse(r.id)
	if err != nil {
		return userstore.User{}, corrupt("id", "")
	}
	var scalars userstore.Scalars
	n := 0
	for i, c := range columns {
		isNumber := false
		if c.isNumber != "" {
			isNumber = r.isNumber[n]
			n++
		}
		if !r.texts[i].Valid {
			continue
		}
		v, err := value(r.texts[i].V, isNumber)
		if err != nil {
			return userstore.User{}, corrupt(c.name, r.id)
		}
		scalars[i] = userstore.Value(v)
	}
	return userstore.User{ID: id, Attributes: scalars.Attributes(), CreatedAt: time.Time(r.createdAt)}, nil
}

func value(text string, isNumber bool) (userstore.TextOrInt, error) {
	if isNumber {
		return userstore.ParseInt(text)
	}
	return userstore.Text(text), nil
}

// A corruptError says that a row holds what this package would not have written.
type corruptError struct {
	column string
	id     uuid.UUID // of the user; nil where that is not known
}

func (e *corruptError) Error() string { return "no value of the column " + e.column }

func corrupt(column, id string) error {
	known, _ := uuid.Parse(id)
	return &corruptError{column, known}
}

// scanError matches the errors of database/sql about a value, which quote it.
var scanError = regexp.MustCompile(`^sql: Scan error on column index \d+, name "([^"]*)"`)

func unquoted(err error, id string) error {
	if m := scanError.FindStringSubmatch(err.Error()); m != nil {
		return corrupt(m[1], id)
	}
	return err
}

// instant reads a point in time in the forms in which drivers give it.
type instant time.Time

// instantLayouts are the text forms, those of UTC. PostgreSQL adds the era: a year
// before Christ is none of ours. Their lengths differ: an attempt that fails costs
// more than the one that does not.
var instantLayouts = [...]string{"2006-01-02T15:04:05.000000Z", "2006-01-02T15:04:05.000000Z AD", "2006-01-02 15:04:05.000000"}

// Scan implements [sql.Scanner].
func (t *instant) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*t = instant(v.UTC())
		return nil
	case string:
		return t.parse(v)
	case []byte:
		return t.parse(string(v))
	}
	return corrupt("created_at", "")
}

func (t *instant) parse(s string) error {
	for _, layout := range instantLayouts {
		if len(layout) != len(s) {
			continue
		}
		if v, err := time.Parse(layout, s); err == nil {
			*t = instant(v)
			return nil
		}
	}
	return corrupt("created_at", "")
}
