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

// What the server says when it fails.
func failureChecks() []check {
	return family("failure",
		must("status", "An internal failure is answered with 501, or with 500 or 503.", page501, failureStatus, needFailing),
		observe("501", "The status of an internal failure.", page501, failureChoice, needFailing),
		should("no-store", "The answer to a failure is not offered to caches.", "RFC 9110, section 15.1; RFC 9111, section 4.2", failureNoStore, needFailing),
	)
}

// fail returns the answer to a patch of the failing user.
func (t *trial) fail() *answer {
	return t.send(t.patchOf(t.target.FailingUser, t.edit().attributes))
}

func failureStatus(t *trial) {
	t.expectStatus(t.fail(), http.StatusNotImplemented, http.StatusInternalServerError, http.StatusServiceUnavailable)
}

func failureChoice(t *trial) { t.observef("%d", t.fail().status) }

// failureNoStore asks for no field: no cache may keep an answer to PATCH that
// does not say how long it is fresh.
func failureNoStore(t *trial) {
	a := t.fail()
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
			t.failf("expected no offer to caches with the %d, got Cache-Control: %s", a.status, control)
		}
	}
	if expires, err := http.ParseTime(a.header.Get("Expires")); err == nil && expires.After(time.Now()) && control == "" {
		t.failf("expected no offer to caches with the %d, got Expires: %s", a.status, a.header.Get("Expires"))
	}
}

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
		t.failf("expected 405, 501 or another refusal, got %d", a.status)
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
	t.failf("expected PATCH in Allow, got %q", allow)
}

// What the whole run saw. It comes last.
func closureChecks() []check {
	return family("closure",
		should("statuses", "Every patch of the run was answered with a status of the page, or with one of HTTP's for what the page does not speak of.", "page, responses", closureStatuses),
		observe("choices", "The statuses beside those of the page.", "page, responses", closureChoices),
	)
}

// generic are statuses with which a server, or what stands before it, may
// answer what the page does not speak of: requests that are malformed, too
// large, too many, conditional or of unknown length, conflicts and failures.
var generic = []int{
	http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusConflict, http.StatusLengthRequired, http.StatusPreconditionFailed,
	http.StatusRequestEntityTooLarge, http.StatusPreconditionRequired, http.StatusTooManyRequests, http.StatusRequestHeaderFieldsTooLarge,
	http.StatusInternalServerError, http.StatusServiceUnavailable,
}

// unlisted returns the statuses that were seen and are not in the lists, and
// which requirement saw each first.
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
	if odd := t.unlisted(pageStatuses, generic); len(odd) > 0 {
		t.failf("expected statuses of the page, got %s", strings.Join(odd, ", "))
	}
}

func closureChoices(t *trial) {
	seen := t.unlisted(pageStatuses)
	if len(seen) == 0 {
		seen = []string{"none"}
	}
	t.observef("%s", strings.Join(seen, ", "))
}
