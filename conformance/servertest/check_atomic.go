package servertest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

const pageAtomic = "page, response 422; RFC 5789, section 2"

// A patch with a fault somewhere sets nothing. The fault is an object where a
// text belongs: no server may take it.
func atomicChecks() []check {
	return family("atomic",
		must("first", "If the first attribute is bad, none after it is set.", pageAtomic, func(t *trial) {
			good, bad := t.mixed()
			t.refuse(t.bodyOf(t.target.User, t.splice(append([]object{bad}, good...)...)))
		}),
		must("last", "If the last attribute is bad, none before it is set.", pageAtomic, func(t *trial) {
			good, bad := t.mixed()
			t.refuse(t.bodyOf(t.target.User, t.splice(append(good, bad)...)))
		}),
		must("address", "If a member of the address or an attribute beside it is bad, nothing else is set, in the address or beside it.", pageAtomic, atomicAddress),
	)
}

// mixed returns up to two attributes to set and one that is bad.
func (t *trial) mixed() (good []object, bad object) {
	beside := t.besideAddress(2)
	for _, p := range beside[1:min(3, len(beside))] {
		good = append(good, object{p[1:]: t.fresh(p)})
	}
	return good, object{beside[0][1:]: wrongType()}
}

// besideAddress returns the attributes that may be written and are texts.
func (t *trial) besideAddress(atLeast int) []string {
	var found []string
	for _, p := range []string{"/lastName", "/firstName", "/zoneInfo", "/locale", "/gender", "/birthDate", "/pictureUrl"} {
		if t.notWritable(p) == "" {
			found = append(found, p)
		}
	}
	if len(found) < atLeast {
		t.skipf("needs %d attributes beside the address that may be written", atLeast)
	}
	return found
}

func atomicAddress(t *trial) {
	good, bad := "/address/locality", "/address/street"
	t.needWritable(good, bad)
	p := t.besideAddress(1)[0]
	beside := object{p[1:]: t.fresh(p)}
	address := t.setting(map[string]any{good: t.fresh(good), bad: wrongType()})
	t.refuse(t.bodyOf(t.target.User, t.splice(beside, address)))
	t.refuse(t.bodyOf(t.target.User, t.splice(address, beside)))
	fine := t.setting(map[string]any{good: t.fresh(good)})
	t.refuse(t.bodyOf(t.target.User, t.splice(fine, object{p[1:]: wrongType()})))
}

// Nobody but the user of the path is touched. The checks run near the end, so
// that the last one sees what all the others did.
func isolationChecks() []check {
	return family("isolation",
		must("other", "A patch with the id of another user in its document does not touch that user.", "page: updates the user data of the given user", isolationOther, needOther),
		must("run", "Nothing that was sent in this run has changed the other user.", "page: updates the user data of the given user", (*trial).expectOther, needOther),
	)
}

func isolationOther(t *trial) {
	e := t.edit()
	for _, id := range []string{t.target.OtherUser.String(), strings.ToUpper(t.target.OtherUser.String())} {
		m := t.editAt(t.target.User.String(), id, e)
		a := t.send(m)
		t.expectOther()
		t.observef("%d", a.status)
	}
}

// expectOther fails unless the other user is as before the run.
func (t *trial) expectOther() {
	if t.other == nil {
		t.skipf("the other user could not be read")
	}
	diff, err := t.otherChanged(t)
	if err != nil {
		t.failf("expected to read the other user, got %v", err)
	}
	if diff != "" {
		t.failf("expected the other user as before the run: %s", diff)
	}
}

// What somebody learns who may not read users.
func oracleChecks() []check {
	return family("oracle",
		should("no-credentials", "Without valid credentials, users that exist and others get the same answers.", "RFC 9110, section 15.5.5; OWASP API1:2023", oracleNoCredentials),
		observe("forbidden", "Without the right to write, users that exist and others get the same answers, or do not.", "RFC 9110, section 15.5.4", oracleForbidden, needForbidden),
	)
}

// oracleNoCredentials compares requests that differ in the user only: in which
// order a server looks at the rest is its own affair.
func oracleNoCredentials(t *trial) {
	for _, lines := range [][]string{nil, {"Bearer " + t.stranger()}} {
		for _, bad := range []string{"", "Content-Type", "Accept", "body"} {
			known, unknown := t.blind(t.target.User, bad, lines), t.blind(t.target.UnknownUser, bad, lines)
			if known[0] == '2' {
				t.skipf("without valid credentials, a patch is not refused")
			}
			if known != unknown {
				t.failf("expected the same answer for a user that exists and one that does not, got %.200s and %.200s", known, unknown)
			}
		}
	}
}

// blind returns what the answer to a patch of the user tells, less what differs
// from answer to answer.
func (t *trial) blind(id uuid.UUID, bad string, credentials []string) string {
	m := t.patchOf(id, t.edit().attributes)
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
	return told(a)
}

// varying are words that may differ from answer to answer: ids and times.
var varying = regexp.MustCompile(`[^\s"]*[0-9][^\s"]*`)

// told returns the status, the challenge and what the errors say.
func told(a *answer) string {
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
	known, unknown := t.blind(t.target.User, "", token), t.blind(t.target.UnknownUser, "", token)
	if known == unknown {
		t.observef("the same answer")
		return
	}
	t.observef("different answers: %s and %s", known[:3], unknown[:3])
}
