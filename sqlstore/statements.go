package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// pageSize is how many users one statement of All reads.
const pageSize = 500

// statements are the texts for one table. They never hold a value.
type statements struct {
	get, lock, insert, insertNew, replace, delete, page string
	echo, measure                                       string // of Check

	dialect *Dialect
	table   string // quoted
	list    string // of columns, to be read

	mu      sync.RWMutex
	updates map[uint32]string // by the columns that are set
}

func newStatements(d *Dialect, table string) *statements {
	t := d.quoted(table)
	list := columnList(d.created)
	names := columnList("created_at")
	get := "SELECT " + list + " FROM " + t + " WHERE id = " + d.placeholder(1)
	marks := make([]string, strings.Count(names, ",")+1)
	for i := range marks {
		marks[i] = d.placeholder(i + 1)
	}
	insert := "INSERT INTO " + t + " (" + names + ") VALUES (" + strings.Join(marks, ", ") + ")"
	s := &statements{
		get:    get,
		lock:   get + d.locking,
		insert: insert + d.durable(" RETURNING "),
		delete: "DELETE FROM " + t + " WHERE id = " + d.placeholder(1) + d.durable(" AND "),
		page:   "SELECT " + list + " FROM " + t + " WHERE id > " + d.placeholder(1) + " ORDER BY id LIMIT " + strconv.Itoa(pageSize),
		echo: fmt.Sprintf("SELECT %s, v, %s FROM (SELECT CAST(%s AS %s) AS created_at, CAST(%s AS %s) AS v) AS probe",
			d.created, d.values.measure, d.placeholder(1), d.values.timeType, d.placeholder(2), d.values.textType),
		measure: "SELECT " + d.values.measure + " FROM (SELECT last_name AS v FROM " + t + " WHERE id = " + d.placeholder(1) + ") AS probe",
		dialect: d,
		table:   t,
		list:    list,
		updates: make(map[uint32]string),
	}
	s.insertNew = insert + d.unlessTaken + d.durable(" RETURNING ")
	s.replace = s.writeReplace()
	return s
}

// maxShapes bounds what is kept for the shapes of patches: whoever sends many
// odd ones must not fill the memory, here and in the database, which counts the
// prepared statements of all connections.
const maxShapes = 64

// update returns the statement that sets the columns of the set.
func (s *statements) update(set uint32) string {
	s.mu.RLock()
	text, ok := s.updates[set]
	s.mu.RUnlock()
	if ok {
		return text
	}
	text = s.writeUpdate(set)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.updates) < maxShapes {
		s.updates[set] = text
	}
	return text
}

func (s *statements) writeUpdate(set uint32) string {
	var assigned []string
	for i, c := range columns {
		if set&(1<<i) == 0 {
			continue
		}
		for _, name := range c.names() {
			assigned = append(assigned, name+" = "+s.dialect.placeholder(len(assigned)+1))
		}
	}
	return s.updating(assigned)
}

// writeReplace returns the statement that sets every column. NULL keeps
// created_at.
func (s *statements) writeReplace() string {
	var assigned []string
	for _, c := range columns {
		for _, name := range c.names() {
			assigned = append(assigned, name+" = "+s.dialect.placeholder(len(assigned)+1))
		}
	}
	assigned = append(assigned, "created_at = COALESCE("+s.dialect.placeholder(len(assigned)+1)+", created_at)")
	return s.updating(assigned)
}

// updating returns the UPDATE of one row, whose id is the last argument.
func (s *statements) updating(assigned []string) string {
	text := "UPDATE " + s.table + " SET " + strings.Join(assigned, ", ") + " WHERE id = " + s.dialect.placeholder(len(assigned)+1) + s.dialect.durable(" AND ")
	if s.dialect.writing.returning {
		text += " RETURNING " + s.list
	}
	return text
}

// assignments returns which columns the patch sets, and the arguments of the
// statement that does it.
func assignments(id uuid.UUID, patch userstore.Scalars) (set uint32, args []any) {
	args = make([]any, 0, 8)
	for i, o := range patch {
		if !o.IsZero() {
			set |= 1 << i
			args = columns[i].args(args, o)
		}
	}
	return set, append(args, id.String())
}

// byID asks for the user.
func byID(id uuid.UUID) question { return question{args: []any{id.String()}} }

// insertion returns the arguments of the statement that adds the user.
func insertion(u userstore.User, layout string) []any {
	args := []any{u.ID.String(), u.CreatedAt.Format(layout)}
	for i, o := range u.Attributes.Scalars() {
		args = columns[i].args(args, o)
	}
	return args
}

// session is a [sql.DB], [sql.Conn] or [sql.Tx].
type session interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// A command is a statement, prepared where that pays.
type command struct {
	text     string
	prepared *sql.Stmt // or nil
}

// row returns the answer to the question.
func (c command) row(ctx context.Context, s session, q question) (userstore.User, error) {
	if stmt := c.on(ctx, s); stmt != nil {
		if user, err := readAnswer(stmt.QueryRowContext(ctx, q.args...), q); !isUnprepared(err) {
			return user, err
		}
	}
	return readAnswer(s.QueryRowContext(ctx, c.text, q.args...), q)
}

func (c command) exec(ctx context.Context, s session, args ...any) (sql.Result, error) {
	if stmt := c.on(ctx, s); stmt != nil {
		if result, err := stmt.ExecContext(ctx, args...); !isUnprepared(err) {
			return result, err
		}
	}
	return s.ExecContext(ctx, c.text, args...)
}

// on returns the prepared statement for the session, if it can use it.
func (c command) on(ctx context.Context, s session) *sql.Stmt {
	if c.prepared == nil {
		return nil
	}
	switch s := s.(type) {
	case *sql.DB:
		return c.prepared
	case *sql.Tx:
		return s.StmtContext(ctx, c.prepared)
	}
	return nil
}

// ahead returns the statement, prepared in the session. The caller closes it: in a
// long transaction of a host there can be very many.
func (c command) ahead(ctx context.Context, s session) (ready, error) {
	if stmt := c.on(ctx, s); stmt != nil {
		return ready{stmt, s, c.text}, nil
	}
	stmt, err := s.PrepareContext(ctx, c.text)
	if isUnprepared(err) {
		return ready{nil, s, c.text}, nil
	}
	return ready{stmt, s, c.text}, err
}
