package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one line without control characters, so that no server can
// write to a terminal or a table what it likes.
func Line(s string) string {
	return strings.Join(strings.Fields(Visible(s)), " ")
}

// Visible returns s with what no reader can see, and no XML document can hold,
// escaped: control characters but for tabs and line ends, characters that turn
// the direction of text, and bytes that are not UTF-8.
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

// A finding is the reason of a failure, taken apart where its form allows it.
type finding struct {
	Where, Expected, Got string
	Text                 string // the whole, where it was not taken apart
}

// findingOf takes apart "expected X, got Y" and "W should be X and is Y".
func findingOf(reason string) finding {
	reason = Visible(reason)
	if i := strings.Index(reason, "expected "); i >= 0 && (i == 0 || strings.HasSuffix(reason[:i], ": ")) {
		if expected, got, ok := strings.Cut(reason[i+len("expected "):], ", got "); ok {
			return finding{Where: strings.TrimSuffix(reason[:i], ": "), Expected: expected, Got: got}
		}
	}
	where, rest, ok := strings.Cut(reason, " should be ")
	if expected, got, found := strings.Cut(rest, " and is "); ok && found && strings.Count(reason, " should be ") == 1 {
		return finding{Where: where, Expected: expected, Got: got}
	}
	return finding{Text: reason}
}
