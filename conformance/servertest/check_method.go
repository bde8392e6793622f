package servertest

import (
	"net/http"
	"strings"
)

// Other methods than PATCH.
func methodChecks() []check {
	return family("method",
		should("unknown", "A method that nobody knows is refused and changes nothing.", "RFC 9110, section 9.1", methodUnknown),
		should("allow", "A 405 has the field Allow, and PATCH is in it.", "RFC 9110, section 15.5.6", methodAllow),
	)
}

// frob returns an edit with an unknown method.
func (t *trial) frob() *message {
	m := t.editOf(t.edit(), "X")
	m.method = "FROB"
	return m
}

func methodUnknown(t *trial) {
	before := t.read()
	if a := t.send(t.frob()); !a.refused() && a.status != http.StatusNotImplemented {
		t.failf("405, 501 or another refusal", "%d", a.status)
	}
	t.expectState("after a refused request", before)
}

func methodAllow(t *trial) {
	a := t.send(t.frob())
	if a.status != http.StatusMethodNotAllowed {
		t.skipf("an unknown method is answered with %d, not 405", a.status)
	}
	allow := strings.Join(a.header.Values("Allow"), ",")
	for method := range strings.SplitSeq(allow, ",") {
		if strings.TrimSpace(method) == http.MethodPatch {
			return
		}
	}
	t.failf("PATCH in Allow", "%q", allow)
}
