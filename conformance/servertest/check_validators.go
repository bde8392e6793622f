package servertest

import (
	"maps"
	"net/http"
)

// Entity tags, where the server sends any.
func validatorChecks() []check {
	return family("validators",
		should("changes", "When a patch changes the record, the ETag changes.", "RFC 9110, section 8.8.3", validatorsChange),
		should("if-match", "A patch under an If-Match with another ETag is refused.", "RFC 9110, section 13.1.1", validatorsIfMatch),
	)
}

// taggedChange changes the user, and returns the ETag of the answer and its record.
func (t *trial) taggedChange() (string, state) {
	a, r, _, _ := t.change()
	tag := a.header.Get("ETag")
	if tag == "" {
		t.holdsf("answers have no ETag")
	}
	return tag, r.state
}

func validatorsChange(t *trial) {
	tag, before := t.taggedChange()
	if again, after := t.taggedChange(); again == tag && !maps.Equal(before, after) {
		t.failf("another ETag after a change", "%s again", tag)
	}
}

func validatorsIfMatch(t *trial) {
	t.taggedChange()
	t.refuse(t.editOf(t.newEdit(), "If-Match", `"userconform"`), http.StatusPreconditionFailed, http.StatusConflict,
		http.StatusPreconditionRequired, http.StatusUnprocessableEntity, http.StatusBadRequest)
}
