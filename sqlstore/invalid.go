package sqlstore

import (
	"cmp"
	"regexp"
	"sync"

	"github.com/userrecord/userrecord/userstore"
)

// invalid returns the error for a violated constraint. It points to the attributes
// whose columns the engine names, or else the constraint's name.
func invalid(f finding) *userstore.InvalidError {
	reason := "violates a constraint of the database"
	if f.kind == kindDuplicate {
		reason = "is taken by another user"
	}
	pointers := pointersIn(cmp.Or(f.hint, f.constraint))
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

// pointersIn returns the pointers of the columns that the text names, in the order
// of the page.
func pointersIn(text string) []string {
	text = qualifier.ReplaceAllString(text, "")
	var pointers []string
	for i, name := range columnMatchers() {
		if name.MatchString(text) {
			pointers = append(pointers, columns[i].pointer)
		}
	}
	return pointers
}

// columnMatchers match the name of a column with no letter or digit beside it, as email
// in users_email_key.
var columnMatchers = sync.OnceValue(func() (all [len(columns)]*regexp.Regexp) {
	const edge = `(^|$|[^A-Za-z0-9])`
	for i, c := range columns {
		all[i] = regexp.MustCompile(edge + c.name + edge)
	}
	return all
})
