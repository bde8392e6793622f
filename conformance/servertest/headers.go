package servertest

import "strings"

// line is a form of a header field: one value. nil is the form without the field.
func line(value string) []string { return []string{value} }

// formText names a form of the field, for reports.
func formText(name string, lines []string) string {
	if lines == nil {
		return "without " + name
	}
	return "with " + name + ": " + strings.Join(lines, " and ")
}

// takes asks for an edit with each form of the field to be applied.
func takes(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			e := t.newEdit()
			t.applied(t.editOf(e, name, lines...), e)
		}
	}
}

// refuses asks for an edit with each form of the field to be refused.
func refuses(status int, name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			t.refuse(t.editOf(t.newEdit(), name, lines...), status)
		}
	}
}

// survives asks for an edit with each form of the field to be applied or refused.
func survives(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			e := t.newEdit()
			t.appliedOrRefused(t.editOf(e, name, lines...), e)
		}
	}
}

// notes observes the answers to an edit with each form of the field.
func notes(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			a := t.send(t.editOf(t.newEdit(), name, lines...))
			t.observef("%d %s", a.status, formText(name, lines))
		}
	}
}
