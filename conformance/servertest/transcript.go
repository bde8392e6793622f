package servertest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/userrecord/userrecord/conformance"
)

// note keeps the exchange for the report, the last few of the trial.
func (t *trial) note(m *message, a *answer, err error) {
	e := conformance.Exchange{
		Request:  t.hide.text(m.text()),
		Response: "no answer",
		Curl:     t.hide.text(m.curl(&t.target)),
	}
	switch {
	case err != nil:
		e.Response += ": " + t.hide.text(err.Error())
	default:
		e.Response = t.hide.text(a.text())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.exchanges = append(t.exchanges, e)
	if len(t.exchanges) > maxExchanges {
		t.exchanges = t.exchanges[1:]
	}
}

// text renders the request as it goes over the wire, less what HTTP adds.
func (m *message) text() string {
	return fmt.Sprintf("%s %s\n%s\n%s", m.method, m.url, headerText(m.header), shorten(m.body))
}

func (a *answer) text() string {
	return fmt.Sprintf("%d %s\n%s\n%s", a.status, http.StatusText(a.status), headerText(a.header), shorten(a.body))
}

// headerText renders the fields in the order of their names.
func headerText(h http.Header) string {
	var b strings.Builder
	for _, name := range sortedKeys(h) {
		for _, value := range h[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	return b.String()
}

func sortedKeys(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// maxShown is how many bytes of a body a report shows.
const maxShown = 4 << 10

func shorten(body []byte) string {
	if len(body) <= maxShown {
		return string(body)
	}
	return fmt.Sprintf("%s... (%d bytes)", body[:maxShown], len(body))
}

// curl returns a line for a POSIX shell that sends the message. The good token
// comes from the environment variable ACCESS_TOKEN, as do the others from
// theirs.
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

// isPrintable reports whether s stands in a line of text as it is.
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
	}, damagedTokens(target.Token)...)
	for _, token := range tokens {
		if scheme, ok := strings.CutSuffix(value, " "+token.value); ok && token.value != "" {
			return `"` + name + ": " + scheme + " $" + token.expression + `"`
		}
	}
	if value == "" {
		return quote(name + ";") // with a colon, curl would leave it out
	}
	return quote(name + ": " + value)
}

// A shellToken is a token and what makes it in a POSIX shell, after a dollar
// sign.
type shellToken struct{ value, expression string }

// quote quotes s for a POSIX shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// A hider keeps tokens, and the values that users had before the run, out of
// reports.
type hider struct {
	tokens []string
	values []string // longest first, as they stand in JSON
	show   bool     // the values
}

func newHider(target *Target, showValues bool) *hider {
	h := &hider{show: showValues}
	for _, token := range target.tokens() {
		if token != "" {
			h.tokens = append(h.tokens, token, url.QueryEscape(token))
		}
	}
	for _, token := range damagedTokens(target.Token) { // they tell most of it
		h.tokens = append(h.tokens, token.value)
	}
	return h
}

// add hides the values of the record. Those of a closed list, and single
// characters, say nothing about a person and are not hidden.
func (h *hider) add(r *record) {
	for _, p := range pointers {
		v, ok := lookup(r.attributes, p)
		if _, closed := choices[p]; !ok || closed && p != "/phoneNumber" {
			continue
		}
		text := fmt.Sprint(v)
		switch {
		case len(text) < 2:
		case len(text) < 5:
			// Such as a house number: as a whole value only.
			h.values = append(h.values, `"`+text+`"`, ":"+text+",", ":"+text+"}")
		default:
			h.values = append(h.values, text, jsonText(text))
		}
	}
	slices.SortFunc(h.values, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	h.values = slices.Compact(h.values)
}

// jsonText returns s as it stands between the quotes of a JSON string.
func jsonText(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return s
	}
	return strings.Trim(b.String(), "\"\n")
}

// text returns s with what is to be hidden replaced.
func (h *hider) text(s string) string {
	for _, token := range h.tokens {
		s = strings.ReplaceAll(s, token, "[token]")
	}
	if h.show {
		return s
	}
	for _, value := range h.values {
		s = strings.ReplaceAll(s, value, hidden(value))
	}
	return s
}

// hidden keeps the punctuation around a short value.
func hidden(value string) string {
	switch first, last := value[0], value[len(value)-1]; {
	case first == '"' && last == '"':
		return `"[hidden]"`
	case first == ':' && (last == ',' || last == '}'):
		return ":[hidden]" + string(last)
	}
	return "[hidden]"
}
