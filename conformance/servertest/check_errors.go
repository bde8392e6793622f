package servertest

import (
	"encoding/json"
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	errorObject = "JSON:API 1.1, error objects"
	pageErrors  = "page, response examples (401 to 501)"
)

// What error documents look like.
func errorsChecks() []check {
	checks := []check{
		documented(401), documented(403, needForbidden), documented(404), documented(406), documented(415), documented(422), documented(501, needFailing),
		must("status", "If an answer has one error, and that has a status, it is the answer's status as a string.", pageErrors, errorsStatus).together(),
		should("status-present", "Errors have a status.", errorObject, errorsStatusPresent).together(),
		should("media-type-parameters", "The media type of errors has no parameters but ext and profile.", "JSON:API 1.1, content negotiation", errorsParameters).together(),
		should("unique-id", "Where errors have an id, each answer has a new one.", errorObject, errorsUniqueID).together(),
		should("pointer", "source.pointer is a JSON Pointer to what was sent, or to where it is missing.", errorObject, errorsPointer).together(),
		should("pointer-attribute", "source.pointer of a bad attribute leads to it.", errorObject, errorsPointerAttribute).together(),
		should("no-internals", "Errors show no stack, no names of types and statements, and no token.", "CWE-209", errorsNoInternals).together(),
		must("utf-8", "Errors are JSON in UTF-8 even if the request is not.", "page, media type of the responses; RFC 8259, section 8.1", errorsUTF8).together(),
	}
	return family("errors", checks...)
}

// documented is the check of the error document with a status of the page.
func documented(status int, needs ...*fixture) check {
	return must(fmt.Sprint(status), fmt.Sprintf("A %d comes with an error document of JSON:API.", status), fmt.Sprintf("page, response %d", status),
		func(t *trial) {
			if _, err := errorsOf(t.provoke(status)); err != nil {
				t.failf(errorDocument, "%v", err)
			}
		}, needs...).together()
}

// provocations are messages that are likely to be answered with a status of the page.
var provocations = map[int]func(*trial) []*message{
	401: func(t *trial) []*message { return []*message{t.withAuthorization()} },
	403: func(t *trial) []*message { return []*message{t.withAuthorization("Bearer " + t.target.ForbiddenToken)} },
	404: func(t *trial) []*message { return []*message{t.patchOf(t.target.UnknownUser, t.newEdit().attributes)} },
	406: func(t *trial) []*message { return []*message{t.editOf(t.newEdit(), "Accept", "image/png")} },
	415: func(t *trial) []*message { return []*message{t.editOf(t.newEdit(), "Content-Type", "text/plain")} },
	422: (*trial).invalidPatches,
	501: func(t *trial) []*message { return []*message{t.patchOf(t.target.FailingUser, t.newEdit().attributes)} },
}

// wrongType returns a value of a JSON type that no attribute has.
func wrongType() any { return object{"x": 1} }

// invalidPatches returns patches of which servers answer some with 422: they differ
// in which.
func (t *trial) invalidPatches() []*message {
	e := t.newEdit()
	bad := t.resource(e)
	bad["attributes"] = t.setting(map[string]any{e.pointer: wrongType()})
	foreign := t.resource(e)
	foreign["type"] = "Car"
	var all []*message
	for _, document := range []object{{"data": bad}, {"data": nil}, {}, {"data": foreign}} {
		all = append(all, t.documentOf(t.target.User, document))
	}
	return append(all, t.bodyOf(t.target.User, []byte(`{"data":`)))
}

// provoke returns an answer with the status. If the server gives none, the check does
// not run: whether it may is for other checks to say.
func (t *trial) provoke(status int) *answer {
	var got []string
	for _, m := range provocations[status](t) {
		a := t.send(m)
		if a.status == status {
			return a
		}
		got = append(got, fmt.Sprint(a.status))
	}
	t.skipf("no answer had the status %d: got %s", status, strings.Join(slices.Compact(got), ", "))
	return nil
}

// errorAnswers returns answers that are error documents, one for each status that the
// target's fixtures allow to provoke.
func (t *trial) errorAnswers() []*answer {
	var all []*answer
	for _, status := range []int{401, 403, 404, 406, 415, 422, 501} {
		if status == 403 && !needForbidden.given(&t.target) || status == 501 && !needFailing.given(&t.target) {
			continue
		}
		for _, m := range provocations[status](t) {
			if a := t.send(m); a.status == status && len(errorList(a)) > 0 {
				all = append(all, a)
				break
			}
		}
	}
	if len(all) == 0 {
		t.skipf("no answer was an error document")
	}
	return all
}

// errorList returns the error objects of an answer whose document may be malformed.
func errorList(a *answer) []object {
	doc, _ := parseObject(a.body)
	list, _ := doc["errors"].([]any)
	var all []object
	for _, v := range list {
		if e, ok := v.(object); ok {
			all = append(all, e)
		}
	}
	return all
}

func errorsStatus(t *trial) {
	for _, a := range t.errorAnswers() {
		list := errorList(a)
		if got := list[0]["status"]; len(list) == 1 && got != nil && got != fmt.Sprint(a.status) {
			text, _ := json.Marshal(got) // it was parsed
			t.failf(fmt.Sprintf("the status \"%d\" in the error", a.status), "%s", text)
		}
	}
}

func errorsStatusPresent(t *trial) {
	for _, a := range t.errorAnswers() {
		for _, e := range errorList(a) {
			if e["status"] == nil {
				t.failf(fmt.Sprintf("a status in the errors of a %d", a.status), "none")
			}
		}
	}
}

func errorsParameters(t *trial) {
	for _, a := range t.errorAnswers() {
		_, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
		delete(params, "ext")
		delete(params, "profile")
		if err == nil && len(params) > 0 {
			t.failf(fmt.Sprintf("no parameters but ext and profile in a %d", a.status), "%s", a.fieldOf("Content-Type"))
		}
	}
}

func errorsUniqueID(t *trial) {
	seen := map[any]bool{}
	for range 2 {
		m := t.documentOf(t.target.User, object{"data": nil})
		m.repeated = true
		list := errorList(t.send(m))
		if len(list) == 0 {
			t.skipf("the answer was no error document")
		}
		id := list[0]["id"]
		switch {
		case id == nil:
			t.skipf("the errors have no id")
		case seen[fmt.Sprint(id)]:
			t.failf("another id in the second answer", "%v again", id)
		}
		seen[fmt.Sprint(id)] = true
	}
}

// errorsPointer takes a pointer to a missing member, too.
func errorsPointer(t *trial) {
	whole := t.resource(t.newEdit())
	pointed := false
	for _, m := range append(t.invalidPatches(),
		t.documentOf(t.target.User, object{"data": object{"type": whole["type"], "attributes": whole["attributes"]}}),
		t.documentOf(t.target.User, object{"data": object{"id": whole["id"], "attributes": whole["attributes"]}})) {
		for _, e := range errorList(t.send(m)) {
			if p, ok := pointerOf(e); ok {
				t.judgePointer(p, m)
				pointed = true
			}
		}
	}
	if !pointed {
		t.skipf("no error had a source.pointer")
	}
}

// judgePointer fails unless the pointer leads to a value of the body, or to a member
// that the client must send.
func (t *trial) judgePointer(pointer string, m *message) {
	tokens, ok := splitPointer(pointer)
	if !ok {
		t.failf("a JSON Pointer", "%q", pointer)
	}
	doc, err := parseObject(m.body)
	if err != nil || resolves(doc, tokens) || slices.Contains([]string{"/data", "/data/id", "/data/type", "/data/attributes"}, pointer) {
		return
	}
	t.failf("source.pointer to lead to a value that was sent", "%q", pointer)
}

func errorsPointerAttribute(t *trial) {
	e := t.newEdit()
	list := errorList(t.patch(t.setting(map[string]any{e.pointer: wrongType()})))
	var got []string
	for _, e := range list {
		if p, ok := pointerOf(e); ok {
			got = append(got, p)
		}
	}
	want := "/data/attributes/" + attributeOf(e.pointer)
	switch {
	case len(got) == 0:
		t.skipf("no error had a source.pointer")
	case !slices.ContainsFunc(got, func(p string) bool { return p == want || strings.HasPrefix(p, want+"/") }):
		t.failf(say("source.pointer %q", want), "%q", got)
	}
}

// internals matches what servers in several languages tell of their inside.
var internals = regexp.MustCompile(`goroutine \d+|runtime error|nil pointer|panic: |\.go:\d+|Go struct field|json: cannot|\*\w+\.\w+Error` +

	`|SQLSTATE|\b(pq|sql|mysql|sqlite3?): |\b(SELECT .+ FROM|UPDATE \w+ SET|INSERT INTO) |ORA-\d{5}|syntax error at or near|constraint failed:` +
	`|\b(java|javax|jakarta|kotlin|scala)\.\w+\.|org\.(springframework|hibernate|postgresql)|\.(java|kt):\d+\)|\bSystem\.\w+Exception` +
	`|Traceback \(most recent|File \\?"[^"]+", line \d+|\.(py|rb|php|cs)\b.{0,6}:?line \d+|node_modules|\.[jt]s:\d+:\d+`)

func errorsNoInternals(t *trial) {
	e := t.newEdit()
	all := slices.Concat(t.invalidPatches(), provocations[401](t), provocations[404](t), provocations[406](t), provocations[415](t), []*message{
		t.editAt("'", "'", e), t.bodyOf(t.target.User, []byte("garbage")),
		t.patchOf(t.target.User, t.setting(map[string]any{e.pointer: 1})),
		t.patchOf(t.target.User, t.setting(map[string]any{e.pointer: "a\x00b"})),
	})
	if needFailing.given(&t.target) {
		all = append(all, provocations[501](t)...)
	}
	for _, m := range all {
		a := t.send(m)
		if found := internals.Find(a.body); found != nil && a.status >= 400 {
			t.failf(fmt.Sprintf("nothing of the inside of the server in a %d", a.status), "%q", found)
		}
		if strings.Contains(string(a.body), t.target.Token) {
			t.failf(fmt.Sprintf("a %d without the token", a.status), "one with it")
		}
	}
}

// errorsUTF8 puts bytes that are not UTF-8 where a server may quote them.
func errorsUTF8(t *trial) {
	e := t.newEdit()
	good := t.textOf(e)
	for _, quoted := range []string{"User", "data", "attributes", t.target.User.String(), normal(e.pointer, e.value)} {
		a := t.send(t.bodyOf(t.target.User, []byte(strings.Replace(good, quoted, quoted+"\xff", 1))))
		if a.status >= 400 && slices.Contains(pageStatuses, a.status) && !jsontext.Value(a.body).IsValid() {
			t.failf(fmt.Sprintf("JSON in UTF-8 with the %d", a.status), "something else")
		}
	}
}
