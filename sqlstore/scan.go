package sqlstore

import (
	"database/sql"
	"errors"
	"regexp"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A row is what a statement returns of one user, in the order of [statements.read].
type row struct {
	id        string
	createdAt instant
	texts     [len(columns)]sql.Null[string]
	isNumber  [len(columns)]bool // false without a second column
}

// A rowScanner is a [sql.Row] or [sql.Rows].
type rowScanner interface{ Scan(dest ...any) error }

// scanUser reads a row. Without one, the error is [userstore.ErrNotFound].
func (l *layout) scanUser(from rowScanner) (userstore.User, error) {
	user, _, err := l.scanRow(from)
	return user, err
}

// scanAssigned is scanUser, and compares the row with the assignment. It returns
// the user also with a *mismatchError.
func (l *layout) scanAssigned(from rowScanner, a assignment) (userstore.User, error) {
	user, r, err := l.scanRow(from)
	if err == nil {
		err = l.compare(a, r, user.ID)
	}
	return user, err
}

func (l *layout) scanRow(from rowScanner) (userstore.User, *row, error) {
	r := new(row)
	user, err := l.scanInto(r, r.dest(), from)
	return user, r, err
}

// dest returns what to pass to Scan, to fill r.
func (r *row) dest() []any {
	dest := make([]any, 0, 2+len(columns)+numbers)
	dest = append(dest, &r.id, &r.createdAt)
	for i := range columns {
		dest = append(dest, &r.texts[i])
		if columns[i].isNumber != "" {
			dest = append(dest, &r.isNumber[i])
		}
	}
	return dest
}

// scanInto reads a row into r, over another one. The argument dest is r.dest().
func (l *layout) scanInto(r *row, dest []any, from rowScanner) (userstore.User, error) {
	r.id = "" // which an error would name
	switch err := from.Scan(dest...); {
	case errors.Is(err, sql.ErrNoRows):
		return userstore.User{}, userstore.ErrNotFound
	case err != nil:
		return userstore.User{}, l.withoutValue(err, r.id)
	}
	return l.userOf(r)
}

func (l *layout) userOf(r *row) (userstore.User, error) {
	id, err := uuid.Parse(r.id)
	if err != nil {
		return userstore.User{}, corrupt(l.id, "")
	}
	var scalars userstore.Scalars
	for i, text := range r.texts {
		if !text.Valid {
			continue
		}
		v, err := scalar(text.V, r.isNumber[i])
		if err != nil {
			return userstore.User{}, corrupt(l.columns[i].name, r.id)
		}
		scalars[i] = userstore.Value(v)
	}
	return userstore.User{ID: id, Attributes: scalars.Attributes(), CreatedAt: time.Time(r.createdAt)}, nil
}

func scalar(text string, isNumber bool) (userstore.TextOrInt, error) {
	if isNumber {
		return userstore.ParseInt(text)
	}
	return userstore.Text(text), nil
}

// A corruptError reports that a row holds what this package never writes.
type corruptError struct {
	column string
	id     uuid.UUID // of the user; nil if unknown
}

func (e *corruptError) Error() string { return "no value of the column " + e.column }

func corrupt(column, id string) error {
	known, _ := uuid.Parse(id)
	return &corruptError{column, known}
}

// scanError matches errors of database/sql that quote a value.
var scanError = regexp.MustCompile(`^sql: Scan error on column index (\d+), name "`)

// withoutValue replaces an error of Scan that quotes a value.
func (l *layout) withoutValue(err error, id string) error {
	if m := scanError.FindStringSubmatch(err.Error()); m != nil {
		index, _ := strconv.Atoi(m[1])
		return corrupt(l.read()[index], id)
	}
	return err
}

// read returns the names of the columns that a row has, in its order.
func (l *layout) read() []string {
	names := []string{l.id, l.createdAt}
	for i := range l.columns {
		names = append(names, l.columns[i].name)
		if columns[i].isNumber != "" {
			names = append(names, l.columns[i].isNumber)
		}
	}
	return names
}
