package sqlstore

import "strings"

// name returns the name of a column as statements have it: those of Migrate need no
// quotes.
func (s *statements) name(column string) string {
	if !s.layout.mapped {
		return column
	}
	return s.engine.columnQuote + column + s.engine.columnQuote
}

// read returns the expressions that read a user, in the order of [row].
func (s *statements) read() []string {
	all := []string{s.name(s.layout.id), reading(s.engine.readTime, s.name(s.layout.createdAt))}
	for i := range s.layout.columns {
		all = append(all, s.readColumn(i)...)
	}
	return all
}

// readColumn returns the expression for the column, and for its second one. What is
// not there is read as NULL and false.
func (s *statements) readColumn(i int) []string {
	c := &s.layout.columns[i]
	var all []string
	switch {
	case c.name == "":
		all = []string{"NULL"}
	case c.isDate:
		all = []string{reading(s.engine.readDate, s.name(c.name))}
	default:
		all = []string{s.name(c.name)}
	}
	switch {
	case c.isNumber != "":
		all = append(all, s.name(c.isNumber))
	case columns[i].isNumber != "":
		all = append(all, "FALSE")
	}
	return all
}

// isUser returns the condition for the row of one user. Its arguments are the key of
// an assignment, which begin at number n.
func (s *statements) isUser(n int) string {
	return s.name(s.layout.id) + " = " + s.engine.placeholder(n) + s.andConditions(n+1)
}

// isOnly returns a condition that fails with cardinality_violation if isUser(n) holds for
// two rows of a host's table: there a statement commits by itself, before anybody has
// seen a second row.
func (s *statements) isOnly(n int) string {
	if !s.layout.mapped || s.engine.commitMode != commitStatement {
		return ""
	}
	return " AND (SELECT 1 FROM " + s.table + " WHERE " + s.isUser(n) + ") = 1"
}

// andConditions returns the conditions of the mapping, each after AND. Their values
// are arguments, which begin at number n.
func (s *statements) andConditions(n int) string {
	var b strings.Builder
	for _, w := range s.layout.where {
		b.WriteString(" AND " + s.name(w.Column))
		if w.Value == nil {
			b.WriteString(" IS NULL")
			continue
		}
		b.WriteString(" = " + s.engine.placeholder(n))
		n++
	}
	return b.String()
}
