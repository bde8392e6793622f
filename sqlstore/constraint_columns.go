package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"math/bits"
	"strings"
)

// errWithColumns is the error of a constraint, with columns that the engine has told
// only when asked.
type errWithColumns struct {
	error
	columns string
}

func (e errWithColumns) Unwrap() error { return e.error }

// withColumns adds the columns of the violated constraint to err if err does not name
// them: PostgreSQL gives no details for a table with row-level security, and
// translates those it gives. If it does not answer, err stays as it is. It does not
// answer in the transaction that has failed.
func (s *Store) withColumns(ctx context.Context, on session, err error) error {
	if err == nil || s.engine.constraintColumns == "" || isAnswer(err) || errors.As(err, new(errDropConn)) || errors.As(err, new(errStuck)) {
		return err
	}
	if _, failed := on.(*sql.Tx); failed {
		return err
	}
	f := s.engine.classify(err)
	if f.kind != kindDuplicate && f.kind != kindRefused || f.constraint == "" || s.layout.namesColumns(f) {
		return err
	}
	var columns sql.NullString
	schema := textField(err, "SchemaName", "Schema")
	if on.QueryRowContext(ctx, s.engine.constraintColumns, schema, f.constraint).Scan(&columns) != nil || columns.String == "" {
		return err
	}
	return errWithColumns{err, columns.String}
}

// withOnlyColumn adds the column to the error of a value that does not fit, of which
// PostgreSQL tells no column, if the patch sets no other.
func (s *Store) withOnlyColumn(a assignment, err error) error {
	if err == nil || bits.OnesCount32(a.set) != 1 || isAnswer(err) {
		return err
	}
	if f := s.engine.classify(err); !strings.HasPrefix(f.code, dataException) || f.kind != kindRefused || f.hint != "" {
		return err
	}
	return errWithColumns{err, s.layout.columns[bits.TrailingZeros32(a.set)].name}
}

// dataException is the class of PostgreSQL's codes for a value that is too long, or none
// of the type.
const dataException = "SQLSTATE 22"

// namesColumns reports whether the finding tells which attributes, or that it is
// the id, for sure.
func (l *layout) namesColumns(f finding) bool {
	return len(l.pointersOf(f)) > 0 || f.hint != "" && l.isID(f)
}

// readKeys reads the columns of all keys of a mapped table, by name, where the errors of
// the engine tell the name alone.
func (s *Store) readKeys(ctx context.Context, conn *sql.Conn) error {
	if !s.layout.mapped || s.engine.keyColumns == "" {
		return nil
	}
	rows, err := conn.QueryContext(ctx, s.engine.fillIn(s.engine.keyColumns, s.table))
	if err != nil {
		return err
	}
	defer rows.Close()
	keys := make(map[string]string)
	for rows.Next() {
		var name, columns string
		if err := rows.Scan(&name, &columns); err != nil {
			return err
		}
		keys[name] = columns
	}
	s.layout.keys.Store(&keys)
	return rows.Err()
}
