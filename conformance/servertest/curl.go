package servertest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// curl returns a line for a POSIX shell that sends the message, with the tokens from
// the environment variables ACCESS_TOKEN, FORBIDDEN_TOKEN and UNLINKED_TOKEN.
func (m *message) curl(target *Target) string {
	parts := []string{"curl -g -i -X", quote(m.method), quote(m.url)}
	for _, name := range sortedKeys(m.header) {
		for _, value := range m.header[name] {
			parts = append(parts, "-H", curlHeader(name, value, target))
		}
	}
	if _, ok := m.header["Accept"]; !ok {
		parts = append(parts, "-H 'Accept:'")
	}
	if _, ok := m.header["Content-Type"]; !ok && m.body != nil {
		parts = append(parts, "-H 'Content-Type:'")
	}
	if m.chunked {
		parts = append(parts, "-H 'Transfer-Encoding: chunked'")
	}
	switch {
	case m.body == nil:
	case isPrintable(shorten(m.body)):
		parts = append(parts, "--data-binary", quote(shorten(m.body)))
	default:
		return printf(shorten(m.body)) + " | " + strings.Join(append(parts, "--data-binary @-"), " ")
	}
	return strings.Join(parts, " ")
}

// isPrintable reports whether a line of text can show s as it is.
func isPrintable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, isHidden)
}

func isHidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == 0xFEFF
}

// printf returns a shell command that prints s, byte by byte.
func printf(s string) string {
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\\', r == '%':
			b.WriteString(strings.Repeat(string(r), 2))
		case r == '\'', isHidden(r), r == utf8.RuneError && size == 1:
			for _, c := range []byte(s[i : i+size]) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		default:
			b.WriteRune(r)
		}
	}
	return "printf '" + b.String() + "'"
}

func curlHeader(name, value string, target *Target) string {
	tokens := append([]shellToken{
		{target.Token, "ACCESS_TOKEN"}, {target.ForbiddenToken, "FORBIDDEN_TOKEN"}, {target.UnlinkedToken, "UNLINKED_TOKEN"},
	}, append(damagedTokens(target.Token), target.headerTokens()...)...)
	for _, token := range tokens {
		if value == token.value {
			return `"` + name + ": $" + token.expression + `"`
		}
		if scheme, ok := strings.CutSuffix(value, " "+token.value); ok && token.value != "" {
			return `"` + name + ": " + scheme + " $" + token.expression + `"`
		}
	}
	if value == "" {
		return quote(name + ";") // with a colon, curl would leave it out
	}
	return quote(name + ": " + value)
}

// A shellToken is a token, and the expression that yields it in a POSIX shell after a
// dollar sign.
type shellToken struct{ value, expression string }

// quote quotes s for a POSIX shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
