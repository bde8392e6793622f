package sqlstore

import (
	"regexp"
	"slices"
	"strings"
)

// definitions are the lines of a CREATE TABLE; definition is the name of a column, and
// its type.
var (
	definitions = regexp.MustCompile(`(?m)^\t\w+ +[^\n]*\n(\t\w+ +[^\n]*\n)*`)
	definition  = regexp.MustCompile(`^\t(\w+) +(\w.*?),?$`)
)

// migrating returns the text of a migration with the columns of the layout.
func (l *layout) migrating(e *engine, text string) string {
	if !l.mapped {
		return text
	}
	return definitions.ReplaceAllStringFunc(text, func(lines string) string {
		var defined []string
		for line := range strings.Lines(lines) {
			m := definition.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			if name, kind := l.defined(e, m[1], m[2]); name != "" {
				defined = append(defined, "\t"+e.quoted(name)+" "+kind)
			}
		}
		return strings.Join(defined, ",\n") + "\n"
	})
}

// defined returns the name and the type for a column of Migrate; "" if the layout has
// no such column.
func (l *layout) defined(e *engine, name, kind string) (string, string) {
	switch name {
	case migrated.id:
		return l.id, kind
	case migrated.createdAt:
		return l.createdAt, kind
	}
	i := slices.IndexFunc(columns[:], func(c column) bool { return c.name == name || c.isNumber == name })
	c := &l.columns[i]
	switch {
	case columns[i].isNumber == name:
		return c.isNumber, kind
	case c.isDate:
		return c.name, e.dateType
	}
	return c.name, kind
}
