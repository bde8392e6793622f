package sqlstore

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var columnName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

const wantColumnName = "is not letters, digits and _, at most 63"

// A columnUse is the name of a column, and the field that gives it.
type columnUse struct {
	field, name string
	reading     func(*engine) string // expression that reads it; nil if that is the name
	wrong       string               // what is wrong if it cannot be read so
}

// validate looks at the pointers: each must be an attribute's that can be there.
func (m *Mapping) validate() (problems []string) {
	for _, field := range []struct {
		name     string
		pointers []string
		ok       func(pointer string) bool
		want     string
	}{
		{"Columns", sortedKeys(m.Columns), isAttribute, "is no attribute"},
		{"Absent", m.Absent, isAttribute, "is no attribute"},
		{"TextOnly", m.TextOnly, mayBeNumber, "is never a number"},
		{"IsNumber", sortedKeys(m.IsNumber), mayBeNumber, "is never a number"},
		{"Constraints", slices.Sorted(maps.Values(m.Constraints)), isAttribute, "is no attribute"},
		{"Columns", sortedKeys(m.Columns), hasName(m.Columns), "has no name: see Absent"},
		{"IsNumber", sortedKeys(m.IsNumber), hasName(m.IsNumber), "has no name: see TextOnly"},
		{"Columns", sortedKeys(m.Columns), not(m.Absent), "is in Absent too"},
		{"TextOnly", m.TextOnly, not(m.Absent), "is in Absent too"},
		{"IsNumber", sortedKeys(m.IsNumber), not(m.Absent), "is in Absent too"},
		{"IsNumber", sortedKeys(m.IsNumber), not(m.TextOnly), "is in TextOnly too"},
		{"BirthDateIsDate", m.dates(), not(m.Absent), "is in Absent too"},
	} {
		for _, pointer := range field.pointers {
			if !field.ok(pointer) {
				problems = append(problems, fmt.Sprintf("%s: %q %s", field.name, pointer, field.want))
			}
		}
	}
	return problems
}

// validate looks at the names: each must be one, and of one place only.
func (l *layout) validate() (problems []string) {
	seen := make(map[string]string) // place by name, in lower case: some engines take cases for the same
	for _, n := range l.uses() {
		same := strings.ToLower(n.name)
		switch {
		case !columnName.MatchString(n.name):
			problems = append(problems, fmt.Sprintf("%s: the name %q %s", n.field, n.name, wantColumnName))
		case seen[same] != "":
			problems = append(problems, fmt.Sprintf("%s: the column %q is that of %s too", n.field, n.name, seen[same]))
		}
		seen[same] = n.field
	}
	if len(l.where) > maxConditions {
		problems = append(problems, fmt.Sprintf("Where: more than %d conditions", maxConditions))
	}
	return problems
}

// maxConditions keeps a key short.
const maxConditions = 16

// uses returns all names of columns.
func (l *layout) uses() []columnUse {
	all := []columnUse{{field: "ID", name: l.id}, {"CreatedAt", l.createdAt, func(e *engine) string { return e.readTime }, "holds no times (Mapping.CreatedAt)"}}
	for _, c := range l.columns {
		if c.name == "" {
			continue
		}
		use := columnUse{field: "Columns[" + c.pointer + "]", name: c.name}
		if c.isDate {
			use.reading = func(e *engine) string { return e.readDate }
			use.wrong = "holds no dates, as Mapping.BirthDateIsDate says"
		}
		all = append(all, use)
		if c.isNumber != "" {
			all = append(all, columnUse{field: "IsNumber[" + c.pointer + "]", name: c.isNumber})
		}
	}
	for i, w := range l.where {
		all = append(all, columnUse{field: fmt.Sprintf("Where[%d]", i), name: w.Column})
	}
	return all
}

// dates returns the pointers of columns of the type date.
func (m *Mapping) dates() []string {
	if m.BirthDateIsDate {
		return []string{"/birthDate"}
	}
	return nil
}

func sortedKeys(of map[string]string) []string { return slices.Sorted(maps.Keys(of)) }

func isAttribute(pointer string) bool {
	return slices.ContainsFunc(columns[:], func(c column) bool { return c.pointer == pointer })
}

func mayBeNumber(pointer string) bool {
	return slices.ContainsFunc(columns[:], func(c column) bool { return c.pointer == pointer && c.isNumber != "" })
}

func hasName(names map[string]string) func(string) bool {
	return func(pointer string) bool { return names[pointer] != "" }
}

func not(others []string) func(string) bool {
	return func(pointer string) bool { return !slices.Contains(others, pointer) }
}
