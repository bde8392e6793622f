package sqlstore

import (
	"context"
	"database/sql"
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// A session is a [sql.DB], [sql.Conn] or [sql.Tx].
type session interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// A command is a statement to run in some session, prepared if that pays.
type command struct {
	text     string
	prepared *sql.Stmt // or nil
}

// queryUser returns the row, which must hold the assignment.
func (s *Store) queryUser(ctx context.Context, on session, c command, a assignment) (userstore.User, error) {
	if s.layout.mapped {
		return s.queryOnlyUser(ctx, on, c, a)
	}
	if stmt := c.preparedOn(ctx, on); stmt != nil {
		if user, err := s.layout.scanAssigned(stmt.QueryRowContext(ctx, a.args...), a); !hasTooManyPrepared(err) {
			return user, err
		}
	}
	return s.layout.scanAssigned(on.QueryRowContext(ctx, c.text, a.args...), a)
}

func (c command) exec(ctx context.Context, on session, args ...any) (sql.Result, error) {
	return statement{c.preparedOn(ctx, on), on, c.text}.exec(ctx, args...)
}

// preparedOn returns the prepared statement for the session, or nil if the session
// cannot use it.
func (c command) preparedOn(ctx context.Context, on session) *sql.Stmt {
	if c.prepared == nil {
		return nil
	}
	switch on := on.(type) {
	case *sql.DB:
		return c.prepared
	case *sql.Tx:
		return on.StmtContext(ctx, c.prepared)
	}
	return nil
}

// prepareOn prepares the statement in the session. The caller must close it, since
// a host's long transaction may hold very many.
func (c command) prepareOn(ctx context.Context, on session) (statement, error) {
	if stmt := c.preparedOn(ctx, on); stmt != nil {
		return statement{stmt, on, c.text}, nil
	}
	stmt, err := on.PrepareContext(ctx, c.text)
	if hasTooManyPrepared(err) {
		return statement{nil, on, c.text}, nil
	}
	return statement{stmt, on, c.text}, err
}

// A statement belongs to a session, and is prepared there if the server could.
type statement struct {
	prepared *sql.Stmt // or nil
	on       session
	text     string
}

func (s statement) exec(ctx context.Context, args ...any) (sql.Result, error) {
	if s.prepared != nil {
		if result, err := s.prepared.ExecContext(ctx, args...); !hasTooManyPrepared(err) {
			return result, err
		}
	}
	return s.on.ExecContext(ctx, s.text, args...)
}

// queryByKey runs a SELECT by key and prepares nothing: it may follow a write, when
// preparing would lose a Galera node's abort. So the id, which needs no escaping,
// becomes a part of a text that is not prepared. (With values of conditions, that
// takes a driver that interpolates.)
func (s statement) queryByKey(ctx context.Context, key []any) *sql.Row {
	if s.prepared != nil {
		if row := s.prepared.QueryRowContext(ctx, key...); !hasTooManyPrepared(row.Err()) {
			return row
		}
	}
	return s.on.QueryRowContext(ctx, s.textWith(key[0].(string)), key[1:]...)
}

func (s statement) textWith(id string) string { return strings.Replace(s.text, "?", "'"+id+"'", 1) }

func (s statement) close() {
	if s.prepared != nil {
		s.prepared.Close()
	}
}

// hasTooManyPrepared reports error 1461 of MySQL and MariaDB: the server keeps
// max_prepared_stmt_count statements already. The text still works if the driver
// does not prepare it by itself (interpolateParams).
func hasTooManyPrepared(err error) bool {
	if err == nil {
		return false
	}
	number, ok := intField(err, "Number")
	return ok && number == 1461
}
