package sqlstore

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// statements are the SQL texts for one table. They never hold a value.
type statements struct {
	get, lock, insert, insertNew, replace, delete, page string
	takeLock                                            string // SQLite's write lock; changes nothing
	echo, measure                                       string // of Check

	engine  *engine
	table   string // quoted
	columns string // those that are read

	mu      sync.RWMutex
	updates map[uint32]string // by the set of an assignment
}

func newStatements(e *engine, table string) *statements {
	s := &statements{engine: e, table: e.quoted(table), columns: columnList(e.readCreatedAt), updates: make(map[uint32]string)}
	s.get = "SELECT " + s.columns + " FROM " + s.table + " WHERE id = " + e.placeholder(1)
	s.lock = s.get + e.forUpdate
	if e.commitMode == commitGroup {
		s.takeLock = "UPDATE " + s.table + " SET id = id WHERE 0"
	}
	s.insert = s.writeInsert("")
	s.insertNew = s.writeInsert(e.onConflict)
	s.replace = s.writeReplace()
	s.delete = "DELETE FROM " + s.table + " WHERE id = " + e.placeholder(1) + e.durable(" AND ")
	s.page = "SELECT " + s.columns + " FROM " + s.table + " WHERE id > " + e.placeholder(1) + " ORDER BY id LIMIT " + strconv.Itoa(pageSize)
	s.echo = fmt.Sprintf("SELECT %s, v, %s FROM (SELECT CAST(%s AS %s) AS created_at, CAST(%s AS %s) AS v) AS probe",
		e.readCreatedAt, e.echo.measure, e.placeholder(1), e.echo.timeType, e.placeholder(2), e.echo.textType)
	s.measure = "SELECT " + e.echo.measure + " FROM (SELECT last_name AS v FROM " + s.table + " WHERE id = " + e.placeholder(1) + ") AS probe"
	return s
}

// maxShapes bounds what is kept for the shapes of patches, which are the sets of
// columns that they set. Clients that send many odd shapes must not fill the memory,
// here and in the database, which counts the prepared statements of all connections.
const maxShapes = 64

// update returns the UPDATE of the columns of the set.
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

func (s *statements) writeInsert(onConflict string) string {
	return "INSERT" + s.writeRows(1) + onConflict + s.engine.durable(" RETURNING ")
}

// writeInsertMany returns the INSERT of so many rows, for a transaction that is rolled
// back if one cannot be inserted.
func (s *statements) writeInsertMany(rows int) string {
	return "INSERT" + s.engine.orFail + s.writeRows(rows) + s.engine.durable(" RETURNING ")
}

func (s *statements) writeRows(rows int) string {
	names := columnList("created_at")
	values := make([]string, rows)
	marks := make([]string, strings.Count(names, ",")+1)
	for row := range values {
		for i := range marks {
			marks[i] = s.engine.placeholder(row*len(marks) + i + 1)
		}
		values[row] = "(" + strings.Join(marks, ", ") + ")"
	}
	return " INTO " + s.table + " (" + names + ") VALUES " + strings.Join(values, ", ")
}

func (s *statements) writeUpdate(set uint32) string {
	return s.writeUpdateOf(s.assignColumns(set))
}

// writeReplace returns the UPDATE of every column. NULL keeps created_at.
func (s *statements) writeReplace() string {
	assigned := s.assignColumns(1<<len(columns) - 1)
	assigned = append(assigned, "created_at = COALESCE("+s.engine.placeholder(len(assigned)+1)+", created_at)")
	return s.writeUpdateOf(assigned)
}

// assignColumns returns "name = placeholder" for each column of the set.
func (s *statements) assignColumns(set uint32) (assigned []string) {
	for i, c := range columns {
		if set&(1<<i) == 0 {
			continue
		}
		for _, name := range c.names() {
			assigned = append(assigned, name+" = "+s.engine.placeholder(len(assigned)+1))
		}
	}
	return assigned
}

// writeUpdateOf returns an UPDATE of one row, whose id is the last argument.
func (s *statements) writeUpdateOf(assigned []string) string {
	text := "UPDATE " + s.table + " SET " + strings.Join(assigned, ", ") +
		" WHERE id = " + s.engine.placeholder(len(assigned)+1) + s.engine.durable(" AND ")
	if s.engine.returning {
		text += " RETURNING " + s.columns
	}
	return text
}
