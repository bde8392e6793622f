package sqlstore

import (
	"cmp"
	"regexp"
	"sync"

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
	for i, named := range namings() {
		if named.MatchString(text) {
			pointers = append(pointers, userstore.ScalarPointer(i))
		}
	}
	return pointers
}

// namings match where the name of a column stands with no letter or digit beside
// it, as email does in users_email_key.
var namings = sync.OnceValue(func() (all [len(columns)]*regexp.Regexp) {
	const edge = `(^|$|[^A-Za-z0-9])`
	for i, c := range columns {
		all[i] = regexp.MustCompile(edge + c.name + edge)
	}
	return all
})
