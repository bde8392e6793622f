package servertest

import "net/http"

// What happens to callers whose linked identity is missing.
func linkedChecks() []check {
	return family("linked",
		must("code", "A missing linked identity is refused with 401 and the code missing-linked-identity.", page401, linkedCode, needUnlinked).together(),
		must("only", "No other 401 has that code.", page401, linkedOnly).together(),
	)
}

const missingLink = "missing-linked-identity"

func linkedCode(t *trial) {
	a := t.refuse(t.withAuthorization("Bearer "+t.target.UnlinkedToken), http.StatusUnauthorized)
	if !hasCode(a, missingLink) {
		t.failf("an error with the code "+missingLink, "none")
	}
}

func linkedOnly(t *trial) {
	for _, lines := range [][]string{nil, {"Bearer " + t.unknownToken()}, {"Basic dXNlcjpwYXNzd29yZA=="}} {
		a := t.send(t.withAuthorization(lines...))
		if hasCode(a, missingLink) {
			t.failf("the code "+missingLink+" only where a linked identity is missing", "it with a %d", a.status)
		}
	}
}
