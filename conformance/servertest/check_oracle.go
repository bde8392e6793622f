package servertest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Whether callers who may not read users learn which users exist.
func oracleChecks() []check {
	return family("oracle",
		should("no-credentials", "Without valid credentials, users that exist and others get the same answers.", "RFC 9110, section 15.5.5; OWASP API1:2023", oracleNoCredentials).together(),
		observe("forbidden", "Without the right to write, users that exist and others get the same answers, or do not.", "RFC 9110, section 15.5.4", oracleForbidden, needForbidden).together(),
	)
}

// oracleNoCredentials compares requests that differ only in the user: the order in
// which a server checks the rest is its own affair.
func oracleNoCredentials(t *trial) {
	for _, lines := range [][]string{nil, {"Bearer " + t.unknownToken()}} {
		for _, bad := range t.some("", "body", "Content-Type", "Accept") {
			known, unknown := t.seenBy(t.target.User, bad, lines), t.seenBy(t.target.UnknownUser, bad, lines)
			if known[0] == '2' {
				t.skipf("without valid credentials, a patch is not refused")
			}
			if known != unknown {
				t.failf("the same answer for a user that exists and one that does not", "%.200s and %.200s", known, unknown)
			}
		}
	}
}

// seenBy returns what a caller with the credentials sees of the answer to a patch of
// the user, less what differs from answer to answer. The patch is bad in the named
// place, or nowhere.
func (t *trial) seenBy(id uuid.UUID, bad string, credentials []string) string {
	m := t.patchOf(id, t.newEdit().attributes)
	m.header.Del("Authorization")
	if credentials != nil {
		m.header["Authorization"] = credentials
	}
	switch bad {
	case "body":
		m.body = []byte("{")
	case "Content-Type", "Accept":
		m.header.Set(bad, "text/plain")
	}
	a := t.send(m)
	return tellingParts(a)
}

// varying are words that may differ from answer to answer: ids and times.
var varying = regexp.MustCompile(`[^\s"]*[0-9][^\s"]*`)

// tellingParts returns the status, the media type, the challenge and the errors, less
// what varies.
func tellingParts(a *answer) string {
	parts := []string{fmt.Sprint(a.status), a.header.Get("Content-Type"), varying.ReplaceAllString(a.header.Get("WWW-Authenticate"), "#")}
	list := errorList(a)
	if len(list) == 0 && a.header.Get("Content-Type") != mediaType {
		parts = append(parts, varying.ReplaceAllString(string(a.body), "#"))
	}
	for _, e := range list {
		for _, name := range []string{"status", "code", "title", "detail", "source"} {
			parts = append(parts, varying.ReplaceAllString(fmt.Sprint(e[name]), "#"))
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" || s == "<nil>" }), ", ")
}

func oracleForbidden(t *trial) {
	token := []string{"Bearer " + t.target.ForbiddenToken}
	known, unknown := t.seenBy(t.target.User, "", token), t.seenBy(t.target.UnknownUser, "", token)
	if known == unknown {
		t.observef("the same answer")
		return
	}
	t.observef("different answers: %s and %s", known[:3], unknown[:3])
}
