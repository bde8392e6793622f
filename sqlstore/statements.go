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
	echo, measure, any, setCreatedAt                    string // of Check

	engine  *engine
	layout  *layout
	table   string // quoted
	columns string // those that are read

	mu      sync.RWMutex
	updates map[uint32]string // by the set of an assignment
}

func newStatements(e *engine, table string, l *layout) *statements {
	s := &statements{engine: e, layout: l, table: e.quoted(table), updates: make(map[uint32]string)}
	s.columns = strings.Join(s.read(), ", ")
	id := s.name(l.id)
	s.get = "SELECT " + s.columns + " FROM " + s.table + " WHERE " + s.isUser(1)
	s.lock = s.get + e.forUpdate
	if e.commitMode == commitGroup {
		s.takeLock = "UPDATE " + s.table + " SET " + id + " = " + id + " WHERE 0"
	}
	s.insert = s.writeInsert("")
	s.insertNew = s.writeInsert(e.onConflict)
	s.replace = s.writeReplace()
	s.delete = "DELETE FROM " + s.table + " WHERE " + s.isUser(1) + s.isOnly(1) + e.durable(" AND ")
	s.page = s.writePage(pageSize)
	s.any = s.writePage(1) + e.skipLocked
	s.setCreatedAt = "UPDATE " + s.table + " SET " + s.name(l.createdAt) + " = " + e.placeholder(1) + " WHERE " + s.isUser(2)
	s.echo = fmt.Sprintf("SELECT %s, v, %s FROM (SELECT CAST(%s AS %s) AS created_at, CAST(%s AS %s) AS v) AS probe",
		reading(e.readTime, "created_at"), e.echo.measure, e.placeholder(1), e.echo.timeType, e.placeholder(2), e.echo.textType)
	s.measure = "SELECT " + e.echo.measure + " FROM (SELECT " + s.name(l.columns[measured].name) + " AS v FROM " + s.table + " WHERE " + s.isUser(1) + ") AS probe"
	return s
}

// writePage returns a SELECT of so many users after an id.
func (s *statements) writePage(size int) string {
	id := s.name(s.layout.id)
	return "SELECT " + s.columns + " FROM " + s.table + " WHERE " + id + " > " + s.engine.placeholder(1) + s.andConditions(2) +
		" ORDER BY " + id + " LIMIT " + strconv.Itoa(size)
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

// writeRows names every column, and those of the conditions, and so many rows of them.
func (s *statements) writeRows(rows int) string {
	names := []string{s.name(s.layout.id), s.name(s.layout.createdAt)}
	for i := range s.layout.columns {
		for _, name := range s.layout.columns[i].names() {
			names = append(names, s.name(name))
		}
	}
	isNull := make([]bool, len(names))
	for _, w := range s.layout.where {
		names, isNull = append(names, s.name(w.Column)), append(isNull, w.Value == nil)
	}
	lists, marks, n := make([]string, rows), make([]string, len(names)), 0
	for row := range lists {
		for i := range marks {
			if isNull[i] {
				marks[i] = "NULL"
				continue
			}
			n++
			marks[i] = s.engine.placeholder(n)
		}
		lists[row] = "(" + strings.Join(marks, ", ") + ")"
	}
	return " INTO " + s.table + " (" + strings.Join(names, ", ") + ") VALUES " + strings.Join(lists, ", ")
}

func (s *statements) writeUpdate(set uint32) string {
	return s.writeUpdateOf(s.assignColumns(set))
}

// writeReplace returns the UPDATE of every column. NULL keeps created_at.
func (s *statements) writeReplace() string {
	assigned := s.assignColumns(1<<len(columns) - 1)
	createdAt := s.name(s.layout.createdAt)
	assigned = append(assigned, createdAt+" = COALESCE("+s.engine.placeholder(len(assigned)+1)+", "+createdAt+")")
	return s.writeUpdateOf(assigned)
}

// assignColumns returns "name = placeholder" for each column of the set.
func (s *statements) assignColumns(set uint32) (assigned []string) {
	for i := range s.layout.columns {
		if set&(1<<i) == 0 {
			continue
		}
		for _, name := range s.layout.columns[i].names() {
			assigned = append(assigned, s.name(name)+" = "+s.engine.placeholder(len(assigned)+1))
		}
	}
	return assigned
}

// writeUpdateOf returns an UPDATE of one row, whose key is the last arguments.
func (s *statements) writeUpdateOf(assigned []string) string {
	text := "UPDATE " + s.table + " SET " + strings.Join(assigned, ", ") +
		" WHERE " + s.isUser(len(assigned)+1) + s.isOnly(len(assigned)+1) + s.engine.durable(" AND ")
	if s.engine.returning {
		text += " RETURNING " + s.columns
	}
	return text
}
