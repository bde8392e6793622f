package sqlstore

import (
	"context"
	"database/sql"
	"strings"
)

// isUnprepared reports that the server keeps no more prepared statements: error
// 1461 of MySQL and MariaDB (max_prepared_stmt_count). The text still works where
// the driver does not prepare it by itself (interpolateParams).
func isUnprepared(err error) bool {
	if err == nil {
		return false
	}
	number, ok := codeField(err, "Number")
	return ok && number == 1461
}

// A ready statement is prepared in a session, if the server could.
type ready struct {
	stmt *sql.Stmt // or nil
	on   session
	text string
}

func (r ready) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	if r.stmt != nil {
		if result, err := r.stmt.ExecContext(ctx, args...); !isUnprepared(err) {
			return result, err
		}
	}
	return r.on.ExecContext(ctx, r.text, args...)
}

// QueryRowContext never prepares anything: it may follow a write, and then a
// preparing would lose the abort by a Galera node. So the id, which needs no
// escapes, is written into a text that is not prepared.
func (r ready) QueryRowContext(ctx context.Context, id any) *sql.Row {
	if r.stmt != nil {
		if row := r.stmt.QueryRowContext(ctx, id); !isUnprepared(row.Err()) {
			return row
		}
	}
	return r.on.QueryRowContext(ctx, strings.Replace(r.text, "?", "'"+id.(string)+"'", 1))
}

func (r ready) Close() error {
	if r.stmt == nil {
		return nil
	}
	return r.stmt.Close()
}
