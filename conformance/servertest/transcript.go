package servertest

import (
	"fmt"
	"maps"
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
	sent.header = maps.Clone(m.header) // a check may change the message and send it again
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
func (t *trial) transcript(failed bool) []conformance.Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	var shown []conformance.Exchange
	for _, e := range t.exchanges {
		shown = append(shown, t.shown(e))
	}
	if i := atFault(t.exchanges); failed && i >= 0 {
		body := string(t.exchanges[i].message.whole())
		shown[i].AtFault = true
		shown[i].Alone = i == len(shown)-1 && !several(t.Requirement.ID) && shown[i].Curl != "" && t.hide.body(body) == body
	}
	return shown
}

// atFault returns the index of the exchange that the failure is about: the last that did
// more than to read the user; that of the last where all of them read; -1 if there is
// none.
func atFault(exchanges []exchanged) int {
	for i := len(exchanges) - 1; i >= 0; i-- {
		if !exchanges[i].message.reads {
			return i
		}
	}
	return len(exchanges) - 1
}

// several reports whether the check judges more than one answer, so that no request
// alone shows its failure.
func several(id string) bool {
	family, _, _ := strings.Cut(id, ".")
	switch family {
	case "concurrency", "model", "closure", "oracle":
		return true
	}
	switch id {
	case "success.repeat", "success.same-value", "errors.unique-id", "dates.one-form", "lossless.digits", "null.again":
		return true
	}
	return false
}

func (t *trial) shown(e exchanged) conformance.Exchange {
	response := ""
	if e.err != nil {
		response = "no answer: " + cut(t.hide.text(whyNoAnswer(e.err)), maxText)
	} else {
		response = t.hide.text(e.answer.head()) + "\n" + t.shortened(e.answer.body)
	}
	return conformance.Exchange{
		Request:  t.hide.text(e.message.head()) + "\n" + t.shortened(e.message.whole()),
		Response: response,
		Curl:     t.hide.curl(e.message, &t.target),
	}
}

// head returns the request as text, less its body and what HTTP adds to it.
func (m *message) head() string {
	return fmt.Sprintf("%s %s\n%s", m.method, m.url, headerText(m.header))
}

func (a *answer) head() string {
	return fmt.Sprintf("%s\n%s", strings.TrimSpace(fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))), headerText(a.header))
}

func (a *answer) text() string { return a.head() + "\n" + string(a.body) }

// headerText returns the fields, a line each, in the order of their names.
func headerText(h http.Header) string {
	var b strings.Builder
	for _, name := range sortedKeys(h) {
		for _, value := range h[name] {
			b.WriteString(name + ": " + value + "\n")
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

// shortened returns the body as a report shows it. What is hidden is replaced before the
// body is cut, since a part of it could not be found.
func (t *trial) shortened(body []byte) string {
	if len(body) <= maxShown {
		return t.hide.text(string(body))
	}
	text := t.hide.text(string(body[:min(len(body), 2*maxShown)]))
	note := fmt.Sprintf("... (%d bytes)", len(body))
	return strings.ToValidUTF8(text[:min(len(text)/2, maxShown-len(note))], "") + note
}
