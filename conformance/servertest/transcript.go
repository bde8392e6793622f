package servertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/userrecord/userrecord/conformance"
)

// note keeps the exchange for the report, which has the last few of the trial.
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

// text returns the request as text, less what HTTP adds to it.
func (m *message) text() string {
	return fmt.Sprintf("%s %s\n%s\n%s", m.method, m.url, headerText(m.header), shorten(m.body))
}

func (a *answer) text() string {
	return fmt.Sprintf("%d %s\n%s\n%s", a.status, http.StatusText(a.status), headerText(a.header), shorten(a.body))
}

// headerText returns the fields, a line each, in the order of their names.
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

// maxShown is how many bytes of a body a report shows, at most.
const maxShown = 4 << 10

func shorten(body []byte) string {
	if len(body) <= maxShown {
		return string(body)
	}
	return fmt.Sprintf("%s... (%d bytes)", body[:maxShown], len(body))
}
