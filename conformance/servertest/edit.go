package servertest

import (
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// An edit sets one scalar to a value that it does not have, so that the record shows
// whether it was applied. Checks send it in ways of their own.
type edit struct {
	pointer    string
	value      any
	attributes object
}

// newEdit returns an edit with a new value for a scalar that may be written.
func (t *trial) newEdit() edit {
	p := t.anyWritable(1)[0]
	v := t.fresh(p)
	return edit{p, v, t.setting(map[string]any{p: v})}
}

// resource returns the resource object of the edit.
func (t *trial) resource(e edit) object {
	return object{"type": "User", "id": t.target.User.String(), "attributes": e.attributes}
}

// editOf returns the edit as a well-formed patch, with the header field set to the
// lines; without lines, the field is removed.
func (t *trial) editOf(e edit, name string, lines ...string) *message {
	m := t.patchOf(t.target.User, e.attributes)
	m.header.Del(name)
	if len(lines) > 0 {
		m.header[name] = lines
	}
	return m
}

// applied sends the message, which carries the edit, and fails unless the answer is 200
// and the edit is applied.
func (t *trial) applied(m *message, e edit) {
	t.expectStatus(t.send(m), http.StatusOK)
	t.expectApplied(e)
}

func (t *trial) expectApplied(e edit) {
	if now := t.read(); now[e.pointer] != normal(e.pointer, e.value) {
		t.fail(failure{Where: "after a 200: " + e.pointer, Expected: show(normal(e.pointer, e.value)), Got: now.describe(e.pointer)})
	}
}

// appliedOrRefused sends the message, and fails unless the edit is applied, or refused
// without effect.
func (t *trial) appliedOrRefused(m *message, e edit) *answer {
	before := t.read()
	a := t.send(m)
	t.expectAppliedOrRefused(a, e, before)
	return a
}

// expectAppliedOrRefused fails unless the answer is 200 and the edit is applied, or a
// refusal and the user is as before.
func (t *trial) expectAppliedOrRefused(a *answer, e edit, before state) {
	switch {
	case a.status == http.StatusOK:
		t.expectApplied(e)
	case a.refused():
		t.expectState("after a refused request", before)
	default:
		t.failf("200 or a refusal (4xx)", "%d", a.status)
	}
}

// withoutEffect sends the message, and fails unless the answer is a 2xx or a refusal
// and the user is unchanged.
func (t *trial) withoutEffect(m *message) *answer {
	before := t.read()
	a := t.send(m)
	if a.status/100 != 2 && !a.refused() {
		t.failf("200 or a refusal (4xx)", "%d", a.status)
	}
	t.expectState("afterwards", before)
	return a
}

// at returns the message with another id in the path, which may be malformed.
func (t *trial) at(m *message, id string) *message {
	m.url = strings.TrimSuffix(t.target.userURL(uuid.Nil), uuid.Nil.String()) + id
	return m
}

// upperID returns the id of the user in upper case.
func (t *trial) upperID() string {
	id := t.target.User.String()
	upper := strings.ToUpper(id)
	if upper == id {
		t.skipf("the user's id has no letters")
	}
	return upper
}
