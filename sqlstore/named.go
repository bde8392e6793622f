package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
)

// A namedError is the error of a constraint with the columns that the engine did
// not tell.
type namedError struct {
	error
	columns string
}

func (e namedError) Unwrap() error { return e.error }

// named asks the engine for the columns of the constraint that err is about, if
// it keeps them back: PostgreSQL tells no details of a table with row-level
// security, and translates them. Where it does not answer, err has to do.
func (s *Store) named(ctx context.Context, on session, err error) error {
	if err == nil || s.dialect.columnsOf == "" || isAnswer(err) {
		return err
	}
	f := s.dialect.diagnose(err)
	if f.verdict != duplicate && f.verdict != refused || f.constraint == "" || len(pointersIn(cmp.Or(f.hint, f.constraint))) > 0 || f.ofID && f.hint != "" {
		return err
	}
	var columns sql.NullString
	schema := textField(err, "SchemaName", "Schema")
	if on.QueryRowContext(ctx, s.dialect.columnsOf, schema, f.constraint).Scan(&columns) != nil || columns.String == "" {
		return err
	}
	return namedError{err, columns.String}
}
