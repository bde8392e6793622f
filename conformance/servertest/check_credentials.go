package servertest

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/userrecord/userrecord/conformance"
)

const (
	page401  = "page, response 401"
	bearer   = "RFC 6750, section 3"
	tokenUse = "RFC 6750, section 3.1"
)

// Which credentials the server takes.
func credentialsChecks() []check {
	return family("credentials",
		must("none", "A request without credentials is refused with 401.", page401, credentials(401)).together(),
		must("unknown", "A token that was never issued is refused with 401.", page401, func(t *trial) { credentials(401, "Bearer "+t.unknownToken())(t) }).together(),
		must("altered", "The good token with one character changed is refused with 401.", page401, credentialsAltered).together(),
		must("truncated", "The beginning of the good token is refused with 401.", page401, credentialsTruncated).together(),
		should("scheme", "The good token is refused under another scheme.", "RFC 6750, section 2.1", credentialsScheme).together(),
		must("empty", "The scheme Bearer without a token, or an empty field, is refused.", page401, credentials(0, "Bearer", "")).together(),
		must("junk", "Credentials that are no bearer token are refused.", page401, credentials(0, "Basic dXNlcjpwYXNzd29yZA==", "Bearer a b", "????", "Bearer,", "Bearer \xff\xfe", "Bearer null", "Bearer=x")).together(),
		should("challenge", "A 401 has the field WWW-Authenticate.", "RFC 9110, section 15.5.2", credentialsChallenge).together(),
		should("bearer-challenge", "A challenge of the 401 has the scheme Bearer.", bearer, credentialsBearerChallenge).together(),
		should("no-error-code", "Without credentials, the challenge has no error code.", tokenUse, credentialsNoErrorCode).together(),
		should("invalid-token-code", "For a bad token, the challenge has the error code invalid_token.", tokenUse, credentialsErrorCode).together(),
		should("scheme-case", "The scheme is recognised in any case.", "RFC 9110, section 11.1", credentialsSchemeCase),
		should("two-fields", "Two Authorization fields are refused.", "RFC 9110, section 5.3", credentialsTwoFields).together(),
		should("not-echoed", "No answer holds the token that was sent.", "RFC 6750, section 5.3", credentialsNotEchoed),
	)
}

// credentials asks for an edit with each value of Authorization, or without the
// field if there are none, to be refused with the status. The status 0 stands for
// 401 or 400, with which a server may answer malformed credentials.
func credentials(status int, values ...string) func(*trial) {
	statuses := []int{status}
	if status == 0 {
		statuses = []int{http.StatusUnauthorized, http.StatusBadRequest}
	}
	return func(t *trial) {
		if len(values) == 0 {
			t.refuse(t.withAuthorization(), statuses...)
		}
		for _, v := range values {
			t.refuse(t.withAuthorization(v), statuses...)
		}
	}
}

// withAuthorization returns an edit with the values of Authorization in place of the
// good one.
func (t *trial) withAuthorization(lines ...string) *message {
	return t.editOf(t.newEdit(), "Authorization", lines...)
}

// unknownToken returns a token that was never issued.
func (t *trial) unknownToken() string {
	t = newTrial(t.session, conformance.Requirement{ID: "unknown token"})
	return t.word() + t.word() + t.word() + t.word()
}

func credentialsAltered(t *trial) {
	for _, token := range t.damaged()[:2] {
		t.refuse(t.withAuthorization("Bearer "+token.value), http.StatusUnauthorized)
	}
}

func credentialsTruncated(t *trial) {
	t.refuse(t.withAuthorization("Bearer "+t.damaged()[2].value), http.StatusUnauthorized)
}

func credentialsScheme(t *trial) {
	credentials(0, "Basic "+t.target.Token, "Digest "+t.target.Token)(t)
}

// challenges sends an edit with the credentials, and returns the value of
// WWW-Authenticate in the 401 that answers it.
func (t *trial) challenges(lines ...string) string {
	a := t.send(t.withAuthorization(lines...))
	if a.status != http.StatusUnauthorized {
		t.skipf("the answer was %d, and only a 401 has a challenge", a.status)
	}
	return strings.Join(a.header.Values("WWW-Authenticate"), ", ")
}

func credentialsChallenge(t *trial) {
	for _, lines := range [][]string{nil, {"Bearer " + t.unknownToken()}} {
		if t.challenges(lines...) == "" {
			t.failf("WWW-Authenticate in the 401", "none")
		}
	}
}

func credentialsBearerChallenge(t *trial) {
	all := t.challenges()
	switch {
	case all == "":
		t.skipf("the 401 has no WWW-Authenticate")
	case !bearerScheme.MatchString(all):
		t.failf("a challenge with the scheme Bearer", "%q", all)
	}
}

var (
	bearerScheme = regexp.MustCompile(`(?i)(^|,\s*)bearer([ ,]|$)`)
	errorCode    = regexp.MustCompile(`(?i)[ ,]error\s*=\s*"?([\w-]+)`)
)

// challengeCode returns the error code of the Bearer challenge with which an edit with
// the credentials is answered, or "".
func (t *trial) challengeCode(lines ...string) string {
	all := t.challenges(lines...)
	found := bearerScheme.FindStringIndex(all)
	if found == nil {
		t.skipf("the 401 has no challenge with the scheme Bearer")
	}
	if code := errorCode.FindStringSubmatch(all[found[0]:]); code != nil {
		return code[1]
	}
	return ""
}

func credentialsNoErrorCode(t *trial) {
	if code := t.challengeCode(); code != "" {
		t.failf("no error code in the challenge", "%q", code)
	}
}

func credentialsErrorCode(t *trial) {
	if code := t.challengeCode("Bearer " + t.unknownToken()); code != "invalid_token" {
		t.failf("the error code invalid_token in the challenge", "%q", code)
	}
}

func credentialsSchemeCase(t *trial) {
	for _, scheme := range []string{"bearer", "BEARER"} {
		e := t.newEdit()
		t.applied(t.editOf(e, "Authorization", scheme+" "+t.target.Token), e)
	}
}

func credentialsTwoFields(t *trial) {
	good, bad := "Bearer "+t.target.Token, "Bearer "+t.unknownToken()
	t.refuse(t.withAuthorization(good, bad))
	t.refuse(t.withAuthorization(bad, good))
}

func credentialsNotEchoed(t *trial) {
	unknown := t.unknownToken()
	for _, sent := range []struct {
		token string
		m     *message
	}{
		{unknown, t.withAuthorization("Bearer " + unknown)},
		{t.target.Token, t.documentOf(t.target.User, object{"data": nil})},
		{t.target.Token, t.patchOf(t.target.User, t.newEdit().attributes)},
	} {
		sent.m.vain = sent.token == unknown
		if a := t.send(sent.m); strings.Contains(a.text()+string(a.body), sent.token) {
			t.failf("an answer without the token", "one with it")
		}
	}
}
