package servertest

import "strings"

// line is a header field of one line; nil is none at all.
func line(value string) []string { return []string{value} }

// formText names a form of the field in reports.
func formText(name string, lines []string) string {
	if lines == nil {
		return "without " + name
	}
	return "with " + name + ": " + strings.Join(lines, " and ")
}

// takes tries that an edit with each form of the field is applied.
func takes(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			e := t.edit()
			t.applied(t.editOf(e, name, lines...), e)
		}
	}
}

// refuses tries that an edit with each form of the field is refused.
func refuses(status int, name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			t.refuse(t.editOf(t.edit(), name, lines...), status)
		}
	}
}

// survives tries that an edit with each form of the field is applied or refused.
func survives(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			e := t.edit()
			t.appliedOrRefused(t.editOf(e, name, lines...), e)
		}
	}
}

// notes observes how an edit with each form of the field is answered.
func notes(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			a := t.send(t.editOf(t.edit(), name, lines...))
			t.observef("%d %s", a.status, formText(name, lines))
		}
	}
}
