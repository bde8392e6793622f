package sqlstore

import (
	"cmp"
	"regexp"

	"github.com/userrecord/userrecord/userstore"
)

// invalid says which attributes a constraint refused: those whose columns the
// engine names, or the name of the constraint does.
func invalid(f finding) *userstore.InvalidError {
	reason := "violates a constraint of the database"
	if f.verdict == duplicate {
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

// pointersIn returns the pointers of the columns that the text names, in the
// order of the page.
func pointersIn(text string) []string {
	text = qualifier.ReplaceAllString(text, "")
	var pointers []string
	for i, c := range columns {
		if names(text, c.name) {
			pointers = append(pointers, userstore.ScalarPointer(i))
		}
	}
	return pointers
}

// names reports whether the name stands in text with no letter or digit beside
// it, as email does in users_email_key.
func names(text, name string) bool {
	const edge = `(^|$|[^A-Za-z0-9])`
	return regexp.MustCompile(edge + name + edge).MatchString(text)
}
