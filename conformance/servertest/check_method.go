package servertest

import (
	"net/http"
	"strings"
)

// What the server answers to other methods than PATCH.
func methodChecks() []check {
	return family("method",
		should("unknown", "A method that nobody knows is refused and changes nothing.", "RFC 9110, section 9.1", methodUnknown).together(),
		should("allow", "A 405 has the field Allow, and PATCH is in it.", "RFC 9110, section 15.5.6", methodAllow).together(),
	)
}

// unknownMethod returns an edit with an unknown method.
func (t *trial) unknownMethod() *message {
	m := t.editOf(t.newEdit(), "X")
	m.method = "FROB"
	return m
}

func methodUnknown(t *trial) {
	before := t.read()
	if a := t.send(t.unknownMethod()); !a.refused() && a.status != http.StatusNotImplemented {
		t.failf("405, 501 or another refusal", "%d", a.status)
	}
	t.expectState("after a refused request", before)
}

func methodAllow(t *trial) {
	a := t.send(t.unknownMethod())
	if a.status != http.StatusMethodNotAllowed {
		t.skipf("an unknown method is answered with %d, not 405", a.status)
	}
	allow := strings.Join(a.header.Values("Allow"), ",")
	for method := range strings.SplitSeq(allow, ",") {
		if strings.TrimSpace(method) == http.MethodPatch {
			return
		}
	}
	t.failf("PATCH in Allow", "%s", a.fieldOf("Allow"))
}
