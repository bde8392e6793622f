package servertest

import (
	"net/http"
	"strings"

	"github.com/google/uuid"
)

const pageUser = "page, path parameter userId"

// Which user the id in the path names.
func pathChecks() []check {
	return family("path",
		must("unknown", "A user that does not exist is answered with 404, or with the 403 that hides it.", "page, response 404", pathUnknown).together(),
		must("malformed", "An id that is no UUID is refused, and touches nobody.", pageUser, pathMalformed).together(),
		observe("malformed-choice", "The status for an id that is no UUID.", pageUser, pathMalformedChoice).together(),
		should("upper-case", "The id in upper case names the same user.", "RFC 9562, section 4", pathUpperCase),
		must("tricks", "Other forms of the id, escapes and parameters name the same user or nobody, and are no failure of the server.", pageUser, pathTricks).together(),
		must("nil", "The nil UUID is refused.", pageUser, pathNil).together(),
	)
}

func pathUnknown(t *trial) {
	m := t.patchOf(t.target.UnknownUser, t.newEdit().attributes)
	t.refuse(m, http.StatusNotFound, http.StatusForbidden)
}

func pathNil(t *trial) { t.refuse(t.patchOf(uuid.Nil, t.newEdit().attributes)) }

// malformedIDs returns texts that are no UUIDs, most of them like the user's id.
func (t *trial) malformedIDs() []string {
	id := t.target.User.String()
	return []string{"x", id[:35], id + "0", "g" + id[1:], strings.ReplaceAll(id, "-", "_")}
}

// pathMalformed tries each id with the same id in the document, and with the user's: a
// server could refuse the first for its document, and read the second leniently.
func pathMalformed(t *trial) {
	for _, id := range t.malformedIDs() {
		for _, inBody := range []string{id, t.target.User.String()} {
			t.about("with %q in the path", id)
			t.refuse(t.editAt(id, inBody, t.newEdit()))
		}
	}
}

// editAt returns the edit with the ids in the path and in the document.
func (t *trial) editAt(path, inBody string, e edit) *message {
	data := t.resource(e)
	data["id"] = inBody
	return t.at(t.documentOf(t.target.User, object{"data": data}), path)
}

func pathMalformedChoice(t *trial) {
	for _, id := range t.malformedIDs()[:3] {
		t.observef("%d for %d characters", t.send(t.editAt(id, id, t.newEdit())).status, len(id))
	}
}

func pathUpperCase(t *trial) {
	e, upper := t.newEdit(), t.upperID()
	t.applied(t.editAt(upper, upper, e), e)
}

func pathTricks(t *trial) {
	id := t.target.User.String()
	for _, path := range []string{
		id + "%2F", "..%2F" + id, id + "%00", id + "%20", id + ";v=1", id + "%E2%80%8B",
		"urn:uuid:" + id, "%7B" + id + "%7D", strings.ReplaceAll(id, "-", ""),
	} {
		t.about("with %q in the path", path)
		t.trick(path)
	}
}

// trick tries one path, which the server may refuse, redirect, or take for the user's.
func (t *trial) trick(path string) {
	before, e := t.read(), t.newEdit()
	m := t.editAt(path, t.target.User.String(), e)
	m.odd = true
	a := t.send(m)
	switch {
	case a.status == http.StatusOK && !strings.HasSuffix(path, "%00"):
		if r, err := a.record(); err != nil || !t.isUser(r.data["id"]) {
			t.failf("a refusal, or the record of the user", "neither")
		}
		t.expectApplied(e)
		t.observef("200 for %s", strings.ReplaceAll(path, t.target.User.String(), "ID"))
	case a.refused() || a.status/100 == 3:
		t.expectState("after a refused request", before)
	default:
		t.failf("a refusal (4xx)", "%d", a.status)
	}
}

func (t *trial) isUser(id any) bool {
	text, ok := id.(string)
	return ok && strings.EqualFold(text, t.target.User.String())
}
