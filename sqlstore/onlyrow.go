package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"github.com/userrecord/userrecord/userstore"
)

// The id of a host's own table need not be its primary key, and the index that makes it
// unique may be missing. So a statement about one user of such a table also looks for a
// second row, and then nothing is applied.

var errTwoRows = errors.New("sqlstore: two rows have the id")

// cardinalityViolation is PostgreSQL's code for the second row that
// [statements.isOnly] finds.
const cardinalityViolation = "SQLSTATE 21000"

// An onlyRow is the row of a query. Scan is that of [sql.Row], and returns errTwoRows if
// there is another row.
type onlyRow struct {
	rows *sql.Rows
	err  error
}

func onlyRowOf(rows *sql.Rows, err error) onlyRow { return onlyRow{rows, err} }

func (r onlyRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		return cmp.Or(r.rows.Err(), sql.ErrNoRows)
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	if r.rows.Next() {
		return errTwoRows
	}
	return cmp.Or(r.rows.Err(), r.rows.Close())
}

// queryOnlyUser is queryUser in a host's own table.
func (s *Store) queryOnlyUser(ctx context.Context, on session, c command, a assignment) (userstore.User, error) {
	row := statement{c.preparedOn(ctx, on), on, c.text}.queryOnly(ctx, a.args...)
	user, err := s.layout.scanAssigned(row, a)
	return user, s.ifTwoRows(err)
}

func (s statement) queryOnly(ctx context.Context, args ...any) onlyRow {
	if s.prepared != nil {
		if row := onlyRowOf(s.prepared.QueryContext(ctx, args...)); !hasTooManyPrepared(row.err) {
			return row
		}
	}
	return onlyRowOf(s.on.QueryContext(ctx, s.text, args...))
}

// queryOnlyByKey is queryByKey in a host's own table.
func (s statement) queryOnlyByKey(ctx context.Context, key []any) onlyRow {
	if s.prepared != nil {
		if row := onlyRowOf(s.prepared.QueryContext(ctx, key...)); !hasTooManyPrepared(row.err) {
			return row
		}
	}
	return onlyRowOf(s.on.QueryContext(ctx, s.textWith(key[0].(string)), key[1:]...))
}

// checkDeleted returns an error if a DELETE found two rows.
func (s *Store) checkDeleted(result sql.Result, err error) error {
	if err != nil || !s.layout.mapped {
		return s.ifTwoRows(err)
	}
	n, err := result.RowsAffected()
	if err == nil && n > 1 {
		err = errTwoRows
	}
	return err
}

// ifTwoRows returns errTwoRows if isOnly has failed, rather than a statement of a trigger,
// for which PostgreSQL says where.
func (s *Store) ifTwoRows(err error) error {
	if err != nil && s.layout.mapped && !isAnswer(err) && s.engine.classify(err).code == cardinalityViolation && textField(err, "Where") == "" {
		return errTwoRows
	}
	return err
}
