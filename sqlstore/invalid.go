package sqlstore

import (
	"cmp"
	"regexp"

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
	if pointer, ok := l.constraints[unqualified(f.constraint)]; ok {
		return []string{pointer}
	}
	return l.pointersIn(cmp.Or(f.hint, f.constraint))
}

// unqualified returns the text without the names of tables.
func unqualified(text string) string { return qualifier.ReplaceAllString(text, "") }

// pointersIn returns the pointers of the columns that the text names, in the order
// of the page.
func (l *layout) pointersIn(text string) []string {
	text = unqualified(text)
	var pointers []string
	for i, name := range l.matchers() {
		if name != nil && name.MatchString(text) {
			pointers = append(pointers, l.columns[i].pointer)
		}
	}
	return pointers
}

// newMatchers match the name of a column with no letter or digit beside it, as email
// in users_email_key.
func (l *layout) newMatchers() (all [len(columns)]*regexp.Regexp) {
	const edge = `(^|$|[^A-Za-z0-9])`
	for i, c := range l.columns {
		if c.name != "" {
			all[i] = regexp.MustCompile(edge + c.name + edge)
		}
	}
	return all
}
