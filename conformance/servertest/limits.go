package servertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/userrecord/userrecord/conformance"
)

// What is kept and shown of a run, in bytes. A server chooses how long its answers are,
// and each check may fail.
const (
	maxShown   = 4 << 10 // of a body
	maxFields  = 4 << 10 // of the header fields of a message
	maxText    = 1 << 10 // of a text of a failure, or of what was observed
	maxDetail  = 8 << 10 // of its detail
	maxResults = 4 << 20 // of the results as JSON; those that come later are cut short
	maxLate    = 128     // of a text in a result that is cut short

	maxLateParts = 3 // failures, and exchanges, in one
)

// cut returns s, or as much of its beginning that it has n bytes with a note that says
// how long it was. n is at least 32.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	note := fmt.Sprintf("... (%d bytes)", len(s))
	end := n - len(note)
	for end > 0 && !utf8.RuneStart(s[end]) && end > n-len(note)-utf8.UTFMax {
		end--
	}
	return s[:end] + note
}

// apartFrom returns the value without the answer that it is a part of in memory, and cut:
// the values of checks are shorter.
func apartFrom(value string) string { return strings.Clone(cut(value, maxText)) }

// isShort reports whether an answer may be kept as it is.
func (a *answer) isShort() bool { return len(a.body) <= maxShown && sizeOf(a.header) <= maxFields }

// kept returns the answer as a trial keeps it: without the record, which may be large in
// memory, and cut. What must be hidden is hidden before: nobody would find half a token.
func (t *trial) kept(a *answer) *answer {
	if a == nil || a.isShort() {
		return a
	}
	short := &answer{status: a.status, header: t.keptHeader(a.header), body: a.body}
	if len(a.body) > maxShown {
		short.body = []byte(t.shortened(a.body))
	}
	return short
}

// keptHeader returns the fields that have room, in the order of their names, and each
// line cut.
func (t *trial) keptHeader(h http.Header) http.Header {
	short, room := http.Header{}, maxFields
	for _, name := range sortedKeys(h) {
		for _, value := range h[name] {
			value = cut(t.hide.text(value), maxText)
			if room -= len(name) + len(value); room < 0 {
				short["..."] = []string{fmt.Sprintf("(%d bytes of header fields)", sizeOf(h))}
				return short
			}
			short[name] = append(short[name], value)
		}
	}
	return short
}

func sizeOf(h http.Header) int {
	n := 0
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(value)
		}
	}
	return n
}

// fit returns the result with its texts cut, and cut short where the results before it
// have used up the room of the report.
func (s *session) fit(r conformance.Result) conformance.Result {
	r = withTexts(r, maxText, maxDetail)
	if s.room > 0 {
		s.room -= sizeAsJSON(r)
	}
	if s.room > 0 {
		return r
	}
	r.Failures = r.Failures[:min(len(r.Failures), maxLateParts)]
	r.Exchanges = r.Exchanges[:min(len(r.Exchanges), maxLateParts)]
	for i, e := range r.Exchanges {
		r.Exchanges[i] = conformance.Exchange{Request: cut(e.Request, maxLate), Response: cut(e.Response, maxLate), AtFault: e.AtFault}
	}
	return withTexts(r, maxLate, maxLate)
}

// withTexts returns the result with each text about it cut.
func withTexts(r conformance.Result, text, detail int) conformance.Result {
	for i, f := range r.Failures {
		r.Failures[i] = failure{Where: cut(f.Where, text), Expected: cut(f.Expected, text), Got: cut(f.Got, text), Detail: cut(f.Detail, detail)}
	}
	for i, o := range r.Observed {
		r.Observed[i] = cut(o, text)
	}
	r.Obstacle = cut(r.Obstacle, text)
	return r
}

func sizeAsJSON(r conformance.Result) int {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // it is made of texts
	}
	return len(text)
}
