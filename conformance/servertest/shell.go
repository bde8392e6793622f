package servertest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/userrecord/userrecord/conformance/internal/plain"
)

// A shellToken is a token, and the expression that yields it in a POSIX shell after a
// dollar sign.
type shellToken struct{ value, expression string }

// shellTokens returns the tokens that the target has, and the values of its header.
func (t *Target) shellTokens() []shellToken {
	var tokens []shellToken
	for _, token := range []shellToken{{t.Token, "ACCESS_TOKEN"}, {t.ForbiddenToken, "FORBIDDEN_TOKEN"}, {t.UnlinkedToken, "UNLINKED_TOKEN"}} {
		if token.value != "" {
			tokens = append(tokens, token)
		}
	}
	return append(tokens, t.headerTokens()...)
}

// shellWord returns s as a word of a POSIX shell, with the tokens as variables.
func shellWord(s string, tokens []shellToken) string {
	before, token, after := cutToken(s, tokens)
	if token == nil {
		if isPlain(s) {
			return quote(s)
		}
		return `"$(` + printf(s) + `)"`
	}
	expression := token.expression
	if expression[0] != '(' && expression[0] != '{' && after != "" {
		expression = "{" + expression + "}"
	}
	if isPlain(before+after) && !strings.ContainsAny(before+after, "\"$`\\!") {
		return `"` + before + "$" + expression + after + `"`
	}
	return shellWord(before, nil) + `"$` + expression + `"` + shellWord(after, nil)
}

// cutToken cuts s around the longest token in it. A token that is too short to be hidden
// counts only as the end of credentials.
func cutToken(s string, tokens []shellToken) (before string, found *shellToken, after string) {
	for i, token := range tokens {
		at := strings.Index(s, token.value)
		if len(token.value) < minToken && !strings.HasSuffix(s, " "+token.value) {
			continue
		}
		if at >= 0 && (found == nil || len(token.value) > len(found.value)) {
			found = &tokens[i]
		}
	}
	if found == nil {
		return s, nil, ""
	}
	at := strings.LastIndex(s, found.value)
	return s[:at], found, s[at+len(found.value):]
}

// isPlain reports whether a line of text, in whatever report, shows s as it is.
func isPlain(s string) bool {
	return !strings.ContainsAny(s, "\n\t") && plain.Text(s) == s
}

// quote quotes s for a POSIX shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// printf returns a shell command that prints s, byte by byte.
func printf(s string) string {
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		text := s[i : i+size]
		switch {
		case r == '\\', r == '%':
			b.WriteString(text + text)
		case r == '\'', r == '#', r == '@', r == ':' && i == 0, r == '[' && strings.HasSuffix(s[:i], "["), !isPlain(text):
			for _, c := range []byte(text) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		default:
			b.WriteString(text)
		}
	}
	if strings.HasPrefix(s, "-") {
		return "printf -- '" + b.String() + "'"
	}
	return "printf '" + b.String() + "'"
}

// maxLiteral is how many bytes of a body a line has, at most, that do not repeat
// themselves.
const maxLiteral = 8 << 10

// printing returns a shell command that prints s, which may be long. It is empty where a
// line would be too.
func printing(s string) string {
	var commands []string
	literal := 0
	for s != "" {
		before, unit, times, after := cutRepetition(s)
		if before != "" {
			literal += len(before)
			commands = append(commands, printf(before))
		}
		if times > 0 {
			commands = append(commands, repeating(unit, times))
		}
		s = after
	}
	switch {
	case literal > maxLiteral:
		return ""
	case len(commands) == 0:
		return "printf ''"
	case len(commands) == 1:
		return commands[0]
	}
	return "{ " + strings.Join(commands, "; ") + "; }"
}

// repeating returns a shell command that prints the unit so many times.
func repeating(unit string, times int) string {
	if len(unit) == 1 {
		return fmt.Sprintf(`head -c %d /dev/zero | tr '\0' %s`, times, quote(unit))
	}
	return fmt.Sprintf("yes %s | head -n %d | tr -d '\\n'", quote(unit), times)
}

const (
	minRepetition = 256 // bytes
	maxUnit       = 32  // bytes
)

// cutRepetition cuts s around its first long repetition of a short plain text.
func cutRepetition(s string) (before, unit string, times int, after string) {
	for i := 0; i+minRepetition <= len(s); i++ {
		for size := 1; size <= maxUnit; size++ {
			least := (minRepetition + size - 1) / size * size // whole units
			if i+least > len(s) || s[i+size:i+least] != s[i:i+least-size] {
				continue
			}
			if unit := s[i : i+size]; isPlain(unit) && unit[0] != '-' && unit[0] != '\\' {
				n := repetition(s[i:], unit)
				return s[:i], unit, n, s[i+n*size:]
			}
		}
	}
	return s, "", 0, ""
}

// repetition returns how often s begins with the unit.
func repetition(s, unit string) (times int) {
	for ; strings.HasPrefix(s, unit); s = s[len(unit):] {
		times++
	}
	return times
}
