package servertest

import "net/http"

// What happens to callers who are known and have no right to write the user.
func forbiddenChecks() []check {
	return family("forbidden",
		must("status", "A token that may not write the user is refused with 403, or with the 404 that hides the user.", "page, response 403", forbiddenStatus, needForbidden).together(),
		observe("choice", "The status for a token that may not write the user.", "page, response 403", forbiddenChoice, needForbidden).together(),
	)
}

func forbiddenStatus(t *trial) {
	t.refuse(t.withAuthorization("Bearer "+t.target.ForbiddenToken), http.StatusForbidden, http.StatusNotFound)
}

func forbiddenChoice(t *trial) {
	t.observef("%d", t.send(t.withAuthorization("Bearer "+t.target.ForbiddenToken)).status)
}
