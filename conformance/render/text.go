package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one line, and as [Visible] does, so that a server cannot control the
// terminal or the table that shows it.
func Line(s string) string {
	return strings.Join(strings.Fields(Visible(s)), " ")
}

// Visible returns s with what readers cannot see, or XML cannot hold, as escapes: control
// characters except tabs and line feeds, characters that change the direction of text,
// and bytes that are not UTF-8.
func Visible(s string) string {
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Bidi_Control, r), r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
