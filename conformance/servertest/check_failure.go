package servertest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const page501 = "page, response 501"

// What the server answers when it fails.
func failureChecks() []check {
	return family("failure",
		must("status", "An internal failure is answered with 501, or with 500 or 503.", page501, failureStatus, needFailing).together(),
		observe("501", "The status of an internal failure.", page501, failureChoice, needFailing).together(),
		should("no-store", "The answer to a failure is not offered to caches.", "RFC 9110, section 15.1; RFC 9111, section 4.2", failureNoStore, needFailing).together(),
	)
}

// patchFailing returns the answer to a patch of the failing user.
func (t *trial) patchFailing() *answer {
	return t.send(t.patchOf(t.target.FailingUser, t.newEdit().attributes))
}

func failureStatus(t *trial) {
	t.expectStatus(t.patchFailing(), http.StatusNotImplemented, http.StatusInternalServerError, http.StatusServiceUnavailable)
}

func failureChoice(t *trial) { t.observef("%d", t.patchFailing().status) }

// failureNoStore does not ask for Cache-Control: no cache may store an answer to PATCH
// that does not say how long it is fresh.
func failureNoStore(t *trial) {
	a := t.patchFailing()
	control := strings.ToLower(strings.Join(a.header.Values("Cache-Control"), ","))
	var directives []string
	for d := range strings.SplitSeq(control, ",") {
		directives = append(directives, strings.TrimSpace(d))
	}
	if slices.Contains(directives, "no-store") {
		t.observef("no-store")
		return
	}
	for _, d := range directives {
		name, value, _ := strings.Cut(d, "=")
		seconds, err := strconv.Atoi(strings.Trim(value, `"`))
		if name == "public" || (name == "max-age" || name == "s-maxage") && err == nil && seconds > 0 {
			t.failf(fmt.Sprintf("no offer to caches with the %d", a.status), "Cache-Control: %s", control)
		}
	}
	if expires, err := http.ParseTime(a.header.Get("Expires")); err == nil && expires.After(time.Now()) && control == "" {
		t.failf(fmt.Sprintf("no offer to caches with the %d", a.status), "Expires: %s", a.header.Get("Expires"))
	}
}
