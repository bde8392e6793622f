package sqlstore

import (
	"cmp"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/userrecord/userrecord/userstore"
)

// A layout is how users lie in a table: that of Migrate, or as a [Mapping] says.
type layout struct {
	mapped        bool
	id, createdAt string
	columns       [len(userstore.Scalars{})]column // in the order of [userstore.Scalars]
	where         []Condition
	constraints   map[string]string // pointer by name

	keys atomic.Pointer[map[string]string] // columns of keys by name, as Check has read them

	matchers func() [len(userstore.Scalars{})]*regexp.Regexp // of columns
}

// migrated is the layout of [Store.Migrate].
var migrated = (&layout{id: "id", createdAt: "created_at", columns: columns}).ready()

func (l *layout) ready() *layout {
	l.matchers = sync.OnceValue(l.newMatchers)
	return l
}

// layout returns the layout that m declares, or an error that names what is wrong.
func (m *Mapping) layout() (*layout, error) {
	if m == nil {
		return migrated, nil
	}
	l := &layout{
		mapped: true, id: cmp.Or(m.ID, migrated.id), createdAt: cmp.Or(m.CreatedAt, migrated.createdAt), columns: columns,
		where: slices.Clone(m.Where), constraints: maps.Clone(m.Constraints),
	}
	for i := range l.columns {
		m.apply(&l.columns[i])
	}
	if problems := append(m.validate(), l.validate()...); len(problems) > 0 {
		return nil, errors.New("sqlstore: Options.Mapping: " + strings.Join(problems, "; "))
	}
	return l.ready(), nil
}

// has reports whether the Store writes the column. Engines tell names in the case of the
// table.
func (l *layout) has(column string) bool {
	return slices.ContainsFunc(l.uses(), func(use columnUse) bool { return strings.EqualFold(use.name, column) })
}

// apply changes a default column to what m declares.
func (m *Mapping) apply(c *column) {
	if name, ok := m.Columns[c.pointer]; ok {
		c.name = name
	}
	if name, ok := m.IsNumber[c.pointer]; ok {
		c.isNumber = name
	}
	if slices.Contains(m.TextOnly, c.pointer) {
		c.isNumber = ""
	}
	if slices.Contains(m.Absent, c.pointer) {
		c.name, c.isNumber = "", ""
	}
	c.isDate = slices.Contains(m.dates(), c.pointer)
}
