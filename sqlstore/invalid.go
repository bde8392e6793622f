package sqlstore

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/userrecord/userrecord/userstore"
)

// invalid returns the error for a violated constraint. It points to the attributes
// whose columns the engine names, or else the constraint's name.
func (l *layout) invalid(f finding) *userstore.InvalidError {
	reason := "violates a constraint of the database"
	if f.kind == kindDuplicate {
		reason = "is taken by another user"
	}
	pointers := l.pointersOf(f)
	if len(pointers) == 0 {
		pointers = []string{""}
	}
	e := new(userstore.InvalidError)
	for _, p := range pointers {
		e.Problems = append(e.Problems, userstore.Problem{Pointer: p, Reason: reason})
	}
	return e
}

// qualifier is the name of a table before a dot.
var qualifier = regexp.MustCompile(`[^\s.,(]+\.`)

// pointersOf returns the pointers of the attributes that the finding names.
func (l *layout) pointersOf(f finding) []string {
	// SQLite has a CHECK's name where others have columns, and modernc a code behind it.
	name, _, _ := strings.Cut(unqualified(cmp.Or(f.constraint, f.hint)), " (")
	if pointer, ok := l.constraints[name]; ok {
		return []string{pointer}
	}
	return l.pointersIn(l.columnsOf(f))
}

// columnsOf returns the text that names the columns.
func (l *layout) columnsOf(f finding) string {
	if f.hint != "" {
		return f.hint
	}
	if keys := l.keys.Load(); keys != nil {
		if columns, ok := (*keys)[unqualified(f.constraint)]; ok {
			return columns
		}
	}
	return f.constraint
}

// unqualified returns the text without the names of tables.
func unqualified(text string) string { return qualifier.ReplaceAllString(text, "") }

// pointersIn returns the pointers of the columns that the text lists, or that it has
// in the name of a constraint, in the order of the page.
func (l *layout) pointersIn(text string) []string {
	text = unqualified(text)
	names := strings.FieldsFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	lists := func(i int) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, l.columns[i].name) })
	}
	if pointers := l.pointersWhere(lists); pointers != nil {
		return pointers
	}
	return l.pointersWhere(func(i int) bool { return l.matchers()[i].MatchString(text) })
}

func (l *layout) pointersWhere(named func(i int) bool) (pointers []string) {
	for i := range l.columns {
		if l.columns[i].name != "" && named(i) {
			pointers = append(pointers, l.columns[i].pointer)
		}
	}
	return pointers
}

// isID reports whether the finding is that the id is taken. A host's unique index may
// have more columns, such as that of a tenant.
func (l *layout) isID(f finding) bool {
	if f.kind != kindDuplicate || f.notID {
		return false
	}
	text := l.columnsOf(f)
	return f.primary && text == f.constraint || slices.Contains(strings.Split(unqualified(text), ", "), l.id)
}

// newMatchers match the name of a column with no letter or digit beside it, as email
// in users_email_key.
func (l *layout) newMatchers() (all [len(columns)]*regexp.Regexp) {
	const edge = `(^|$|[^A-Za-z0-9])`
	for i, c := range l.columns {
		all[i] = regexp.MustCompile(edge + c.name + edge)
	}
	return all
}
