// Package plain makes text of a server harmless: where a report or a log shows it,
// nobody is misled by what cannot be seen, and no tool takes it for a command.
package plain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns s with these as escapes:
//
//   - control characters except tabs and line feeds, line separators, characters that
//     change the direction of text, and bytes that are not UTF-8, which readers cannot
//     see, or XML cannot hold;
//   - the beginning of a command to a CI system: ##vso[ and ##[ anywhere, :: at the
//     beginning of a line, [[ATTACHMENT| in JUnit;
//   - the beginning of a mention of a person (@user) or of an issue (#1), which a bot
//     that posts the text would send to them.
func Text(s string) string {
	var b strings.Builder
	before := context{lineBegins: true}
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case isHidden(r), before.begins(r, s[i+size:]):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		before.add(r)
	}
	return b.String()
}

func isHidden(r rune) bool {
	switch r {
	case '\n', '\t':
		return false
	case '\u2028', '\u2029', 0xFEFF, 0xFFFE, 0xFFFF:
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r)
}

// context is what stands before a character.
type context struct {
	last       rune // 0 at the beginning
	lineBegins bool // nothing but blanks since the beginning of the line
}

func (c *context) add(r rune) {
	c.last = r
	c.lineBegins = r == '\n' || r == '\r' || c.lineBegins && unicode.IsSpace(r)
}

// begins reports whether a tool could take the character, after the context and before
// the rest, for the beginning of a command or of a mention.
func (c *context) begins(r rune, rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	switch r {
	case '#':
		return c.last == '#' || unicode.IsDigit(next) && !isWord(c.last)
	case ':':
		return c.lineBegins && next == ':'
	case '@':
		return isWord(next) && !isWord(c.last)
	case '[':
		const attachment = "ATTACHMENT"
		return c.last == '[' && len(rest) >= len(attachment) && strings.EqualFold(rest[:len(attachment)], attachment)
	}
	return false
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// Lines returns the text, made harmless, with the prefix before each line.
func Lines(prefix, s string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(Text(s), "\n"), "\n") {
		b.WriteString(strings.TrimRight(prefix+line, " ") + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
