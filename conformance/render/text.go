package render

import (
	"strings"

	"github.com/userrecord/userrecord/conformance/internal/plain"
)

// Line returns s as one line, and as [Visible] does, so that a server cannot control the
// terminal or the table that shows it.
func Line(s string) string {
	return strings.Join(strings.Fields(Visible(s)), " ")
}

// Visible returns s with these as escapes: what readers cannot see, or XML cannot hold
// (control characters except tabs and line feeds, line separators, characters that change
// the direction of text, bytes that are not UTF-8), and what a CI system or a bot would
// take for a command or a mention, such as ##vso[, a line that begins with ::, and
// @everyone.
func Visible(s string) string { return plain.Text(s) }
