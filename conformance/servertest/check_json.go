package servertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/userrecord/userrecord/conformance/internal/suite"
)

const rfcJSON = "RFC 8259, section 2"

// Which texts are JSON, and which the server survives.
func jsonChecks() []check {
	return family("json",
		must("malformed", "A body that is cut off, or no JSON, is refused.", "page, response 422", jsonMalformed).together(),
		observe("choice", "The status for malformed JSON.", "page, response 422", jsonChoice).together(),
		should("empty-body", "An empty body of type application/vnd.api+json is refused.", rfcJSON, func(t *trial) { t.refuseBody("an empty body", []byte{}) }).together(),
		should("trailing", "Anything after the document makes it malformed.", rfcJSON, jsonTrailing).together(),
		must("duplicate", "Of two members with the same name one counts, or both are refused.", "page: fields get set; RFC 8259, section 4", jsonDuplicate),
		should("utf-8", "A body that is not UTF-8 is refused, and no answer holds what is not.", "RFC 8259, section 8.1", jsonUTF8).together(),
		observe("extensions", "Comments, trailing commas, single quotes and NaN are refused, or read.", "RFC 8259, section 9", jsonExtensions).together(),
		should("depth", "A document of 100,000 levels is answered, and harms nobody.", "RFC 8259, section 9", jsonDepth),
		should("large", "A document of 8 MiB is answered or cut off, and harms nobody.", "RFC 9110, section 15.5.14", jsonLarge),
		should("whitespace", "Blanks, tabs and line ends between the tokens make no difference.", rfcJSON, jsonWhitespace),
		should("chunked", "A body of unknown length is taken.", "RFC 9112, section 7.1", jsonChunked),
	)
}

// textOf returns the document of the edit as JSON text.
func (t *trial) textOf(e edit) string { return string(t.editOf(e, "X").body) }

func (t *trial) refuseBody(what string, body []byte) *answer {
	t.about("with %s", what)
	return t.refuse(t.bodyOf(t.target.User, body))
}

func jsonMalformed(t *trial) {
	text := t.textOf(t.newEdit())
	t.refuseBody("a document without its last bracket", []byte(text[:len(text)-1]))
	t.refuseBody("half a document", []byte(text[:len(text)/2]))
	t.refuseBody("garbage", []byte("garbage"))
	t.refuseBody("a document with a colon too many", []byte(strings.Replace(text, ":", "::", 1)))
}

func jsonChoice(t *trial) {
	text := t.textOf(t.newEdit())
	t.observef("%d", t.send(t.bodyOf(t.target.User, []byte(text[:len(text)-1]))).status)
}

func jsonTrailing(t *trial) {
	text := t.textOf(t.newEdit())
	for _, tail := range []string{"garbage", "{}", "}", text} {
		t.refuseBody("more after the document", []byte(text+tail))
	}
}

// splice returns a document with the members of all the attributes objects, in that
// order, duplicates included.
func (t *trial) splice(each ...object) []byte {
	var members []string
	for _, attributes := range each {
		text, err := json.Marshal(attributes)
		if err != nil {
			panic(err) // the documents of checks are JSON
		}
		members = append(members, strings.TrimSuffix(strings.TrimPrefix(string(text), "{"), "}"))
	}
	return []byte(`{"data":{"type":"User","id":"` + t.target.User.String() + `","attributes":{` + strings.Join(members, ",") + `}}}`)
}

func jsonDuplicate(t *trial) {
	before, first, second := t.read(), t.newEdit(), t.newEdit()
	a := t.send(t.bodyOf(t.target.User, t.splice(first.attributes, second.attributes)))
	switch got := t.read(); {
	case a.refused():
		t.expectState("after a refused request", before)
	case a.status != 200:
		t.failf("200 or a refusal (4xx)", "%d", a.status)
	case got[first.pointer] == normal(first.pointer, first.value):
		t.observef("the first counts")
	case got[second.pointer] == normal(second.pointer, second.value):
		t.observef("the last counts")
	default:
		t.failf(fmt.Sprintf("%s to be %s or %s", first.pointer, show(first.value), show(second.value)), "%s", got.describe(first.pointer))
	}
}

// jsonUTF8 looks at the bytes of the answer even where the body is accepted.
func jsonUTF8(t *trial) {
	e := t.newEdit()
	value, _ := e.value.(string)
	for _, bad := range []string{"\xff", "\xc3", "\xed\xa0\x80"} {
		body := strings.Replace(t.textOf(e), value, value+bad, 1)
		t.about("with the bytes %x in a string", bad)
		before := t.read()
		a := t.send(t.bodyOf(t.target.User, []byte(body)))
		if !utf8.Valid(a.body) {
			t.failf("an answer in UTF-8", "bytes that are not")
		}
		t.expectStatus(a)
		t.expectState("after a refused request", before)
	}
}

func jsonExtensions(t *trial) {
	for _, x := range []struct{ what, old, new string }{
		{"a comment", `{"data"`, `/* */{"data"`},
		{"a trailing comma", `}}}`, `},}}`},
		{"single quotes", `"data"`, `'data'`},
		{"NaN", `{"data"`, `{"meta":{"x":NaN},"data"`},
	} {
		body := strings.Replace(string(t.splice(t.newEdit().attributes)), x.old, x.new, 1)
		t.observef("%d for %s", t.send(t.bodyOf(t.target.User, []byte(body))).status, x.what)
	}
}

// withMeta returns the document of the edit with a member meta, which a server
// ignores. The value comes in parts, since it is large.
func (t *trial) withMeta(e edit, value ...[]byte) *message {
	m := t.bodyOf(t.target.User, []byte(`{"meta":{"x":`))
	m.rest = append(value, []byte("},"+strings.TrimPrefix(t.textOf(e), "{")))
	m.touches = []string{e.pointer}
	return m
}

// withLevels returns the document of the edit with arrays in each other beside it.
func (t *trial) withLevels(e edit, levels int) *message {
	return t.withMeta(e, bytes.Repeat([]byte("["), levels), bytes.Repeat([]byte("]"), levels))
}

// jsonDepth tries a small document first, which limits of the size let pass.
func jsonDepth(t *trial) {
	t.about("with 20000 levels")
	e := t.newEdit()
	t.appliedOrRefused(t.withLevels(e, 20_000), e)
	t.about("with 100000 levels")
	e = t.newEdit()
	t.uploadedOrRefused(t.withLevels(e, 100_000), e)
}

func jsonLarge(t *trial) {
	e := t.newEdit()
	quote, text := []byte(`"`), slices.Repeat([][]byte{bytes.Repeat([]byte("x"), 64<<10)}, 128)
	t.uploadedOrRefused(t.withMeta(e, slices.Concat([][]byte{quote}, text, [][]byte{quote})...), e)
}

// uploadedOrRefused is appliedOrRefused for a message that may be too large: that the
// upload is cut off is a refusal, too.
func (t *trial) uploadedOrRefused(m *message, e edit) {
	before := t.read()
	a := t.upload(m)
	if a == nil {
		t.expectState("after an upload that was cut off", before)
		return
	}
	t.expectAppliedOrRefused(a, e, before)
}

// upload sends a message that may be too large, and returns the answer, or nil if the
// upload was cut off: the server closes the connection, for which a gateway answers 502
// or 503 in its place. Neither says anything about the operation.
func (t *trial) upload(m *message) *answer {
	m.odd = true
	a, err := t.exchange(t, m)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		t.failf("an answer or the end of the connection", "neither in %v", suite.Timeout(&t.opts))
	case err != nil, a.status == http.StatusBadGateway, a.status == http.StatusServiceUnavailable:
		return nil
	}
	return a
}

// jsonWhitespace indents the document, and puts white space around it.
func jsonWhitespace(t *trial) {
	e := t.newEdit()
	text := string(t.splice(e.attributes))
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(text), "\t", "  "); err != nil {
		panic(err) // the documents of checks are JSON
	}
	t.applied(t.bodyOf(t.target.User, []byte(" \t\r\n"+indented.String()+" \t\r\n")), e)
}

func jsonChunked(t *trial) {
	e := t.newEdit()
	m := t.editOf(e, "X")
	m.chunked = true
	t.applied(m, e)
}
