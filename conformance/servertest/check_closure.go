package servertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// What the whole run saw. These checks run last.
func closureChecks() []check {
	return family("closure",
		ofWholeRun(should("statuses", "Every patch of the run was answered with a status of the page, or with a general status of HTTP where the page says nothing.", "page, responses", closureStatuses).carefully()),
		ofWholeRun(observe("choices", "The statuses beside those of the page.", "page, responses", closureChoices).carefully()),
	)
}

// genericStatuses are those with which a server, or a proxy in front of it, may
// answer where the page says nothing: requests that are malformed, too large, too
// many, conditional or of unknown length, conflicts and failures.
var genericStatuses = []int{
	http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusConflict, http.StatusLengthRequired, http.StatusPreconditionFailed,
	http.StatusRequestEntityTooLarge, http.StatusPreconditionRequired, http.StatusTooManyRequests, http.StatusRequestHeaderFieldsTooLarge,
	http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// unlisted returns the statuses that the run has seen and the lists do not have,
// each with the requirement that saw it first.
func (t *trial) unlisted(lists ...[]int) []string {
	t.session.mu.Lock()
	defer t.session.mu.Unlock()
	known := slices.Concat(lists...)
	var seen []string
	for status, id := range t.statuses {
		if !slices.Contains(known, status) {
			seen = append(seen, fmt.Sprintf("%d (%s)", status, id))
		}
	}
	slices.Sort(seen)
	return seen
}

func closureStatuses(t *trial) {
	if odd := t.unlisted(pageStatuses, genericStatuses); len(odd) > 0 {
		t.failf("statuses of the page", "%s", strings.Join(odd, ", "))
	}
}

func closureChoices(t *trial) {
	seen := t.unlisted(pageStatuses)
	if len(seen) == 0 {
		seen = []string{"none"}
	}
	t.observef("%s", strings.Join(seen, ", "))
}

// pageStatuses are the statuses that the page documents.
var pageStatuses = []int{
	http.StatusOK, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusNotAcceptable,
	http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusNotImplemented,
}
