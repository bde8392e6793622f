package servertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/userrecord/userrecord/conformance"
)

// An exchanged is a message as it was sent and what came back.
type exchanged struct {
	message *message
	answer  *answer
	err     error // instead of an answer
}

// note keeps the exchange for the report, which has the last few of the trial.
func (t *trial) note(m *message, a *answer, err error) {
	sent := *m
	sent.header = m.header.Clone() // a check may change the message and send it again
	kept := t.kept(a)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.exchanges = append(t.exchanges, exchanged{&sent, kept, err})
	if len(t.exchanges) > maxExchanges {
		t.exchanges = t.exchanges[1:]
	}
}

// transcript returns the exchanges as a report shows them. Most trials pass and show
// none, and making the texts is a sixth of a run.
func (t *trial) transcript() []conformance.Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	var shown []conformance.Exchange
	for _, e := range t.exchanges {
		shown = append(shown, t.shown(e))
	}
	return shown
}

func (t *trial) shown(e exchanged) conformance.Exchange {
	response := ""
	if e.err != nil {
		response = "no answer: " + cut(t.hide.text(e.err.Error()), maxText)
	} else {
		response = t.hide.text(e.answer.text())
	}
	return conformance.Exchange{
		Request:  t.hide.text(e.message.text()),
		Response: response,
		Curl:     t.hide.text(e.message.curl(&t.target)),
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

func shorten(body []byte) string {
	if len(body) <= maxShown {
		return string(body)
	}
	return fmt.Sprintf("%s... (%d bytes)", body[:maxShown], len(body))
}
