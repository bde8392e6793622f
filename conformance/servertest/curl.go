package servertest

import (
	"strings"
)

// curl returns a line for a POSIX shell that sends the message, with the tokens from
// the environment variables ACCESS_TOKEN, FORBIDDEN_TOKEN and UNLINKED_TOKEN, and with
// made-up values in place of those that the user had. It is empty where no line of
// reasonable length would do.
func (h *hider) curl(m *message, target *Target) string {
	tokens := append(target.shellTokens(), damagedTokens(target.Token)...)
	parts := []string{"curl -g -i -X", shellWord(m.method, nil), shellWord(m.url, tokens)}
	if strings.Contains(m.url, "/.") {
		parts = append(parts, "--path-as-is")
	}
	for _, name := range sortedKeys(m.header) {
		for _, value := range m.header[name] {
			parts = append(parts, "-H", headerWord(name, value, tokens))
		}
	}
	for _, name := range m.unsent() {
		parts = append(parts, "-H '"+name+":'")
	}
	if m.chunked {
		parts = append(parts, "-H 'Transfer-Encoding: chunked'")
	}
	if m.body == nil {
		return h.checked(strings.Join(parts, " "))
	}
	body := h.body(string(m.whole()))
	if len(body) <= maxArgument && isPlain(body) && !strings.HasPrefix(body, "@") { // of a file
		return h.checked(strings.Join(append(parts, "--data-binary", quote(body)), " "))
	}
	printing := printing(body)
	if printing == "" {
		return ""
	}
	return h.checked(printing + " | " + strings.Join(append(parts, "--data-binary @-"), " "))
}

// maxArgument is how many bytes of a body stand on the command line as they are.
const maxArgument = 2 << 10

// unsent returns the fields that curl would add of itself.
func (m *message) unsent() (names []string) {
	if _, ok := m.header["Accept"]; !ok {
		names = append(names, "Accept")
	}
	if _, ok := m.header["Content-Type"]; !ok && m.body != nil {
		names = append(names, "Content-Type")
	}
	if len(m.body) > 1000 || len(m.rest) > 0 {
		names = append(names, "Expect")
	}
	return names
}

// checked returns the line, or nothing where there is still something to hide in it.
func (h *hider) checked(line string) string {
	if h.tokens.replaceIn(line, func(t *hiddenText) string { return t.instead }) != line {
		return ""
	}
	return line
}

func headerWord(name, value string, tokens []shellToken) string {
	if value == "" {
		return quote(name + ";") // with a colon, curl would leave it out
	}
	return shellWord(name+": "+value, tokens)
}
