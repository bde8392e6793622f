package servertest

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"
)

// Credentials that are almost the good ones.
func similarCredentialsChecks() []check {
	return family("credentials",
		must("similar", "The end of the good token, the token with more behind it, and in another case, are refused with 401.", page401, credentialsSimilar).together(),
		must("read", "A patch without attributes needs credentials, too.", page401, credentialsRead),
		should("form", "The good token is refused if it is not what follows the scheme Bearer and a blank.", "RFC 6750, section 2.1", credentialsForm).together(),
		should("elsewhere", "The good token is refused in the query, and in a cookie.", "RFC 9700, section 4.3.2", credentialsElsewhere).together(),
	)
}

func credentialsSimilar(t *trial) {
	t.refuseAll(damagedMessages(t, t.damaged()[3:]), http.StatusUnauthorized)
}

func damagedMessages(t *trial, tokens []shellToken) (all []*message) {
	for _, token := range tokens {
		all = append(all, t.withAuthorization("Bearer "+token.value))
	}
	return all
}

func (t *trial) refuseAll(all []*message, statuses ...int) {
	for _, m := range all {
		t.refuse(m, statuses...)
	}
}

// credentialsRead repeats a request that was answered with the record, which a cache
// may hold.
func credentialsRead(t *trial) {
	t.mustPatch(t.echoOrNothing())
	m := t.patchOf(t.target.User, t.echoOrNothing())
	m.header.Del("Authorization")
	t.refuseAll([]*message{m}, http.StatusUnauthorized)
}

// echoOrNothing returns attributes that change nothing.
func (t *trial) echoOrNothing() object {
	if t.target.Record != nil || t.target.ReadByGet {
		return t.echo()
	}
	return object{}
}

func credentialsForm(t *trial) {
	t.needLongToken()
	token := t.target.Token
	forms := disguised(token)
	last := len(forms) - 1
	t.refuseAll(append(damagedMessages(t, forms[:last]),
		t.withAuthorization(token),
		t.withAuthorization("Bearer Bearer "+token),
		t.withAuthorization("Basic "+forms[last].value),
	), http.StatusUnauthorized, http.StatusBadRequest)
}

func credentialsElsewhere(t *trial) {
	inQuery, inCookie := t.withAuthorization(), t.withAuthorization()
	inQuery.url += "?" + url.Values{"access_token": {t.target.Token}}.Encode()
	inCookie.header.Set("Cookie", "access_token="+t.target.Token)
	t.refuseAll([]*message{inQuery, inCookie}, http.StatusUnauthorized, http.StatusBadRequest)
}

// Ids that are almost that of the user.
func similarPathChecks() []check {
	return family("path",
		must("similar", "An id that differs from the user's in one digit does not name the user.", pageUser, pathSimilar).together(),
		must("pattern", "An id that is a pattern or a condition of a database is refused.", pageUser, pathPattern).together(),
	)
}

// pathSimilar changes the first digit, the version and the last digit.
func pathSimilar(t *trial) {
	id := t.target.User.String()
	for _, i := range []int{0, 14, 35} {
		digit := "1"
		if id[i] == '1' {
			digit = "2"
		}
		similar := uuid.MustParse(id[:i] + digit + id[i+1:])
		t.refuse(t.patchOf(similar, t.newEdit().attributes), http.StatusNotFound, http.StatusForbidden)
	}
}

func pathPattern(t *trial) {
	id := t.target.User.String()
	for _, path := range []string{id[:8] + "%25", id[:35] + "_", id[:8] + "*", "x%27%20OR%20%271%27=%271"} {
		t.about("with %q in the path", path)
		m := t.editAt(path, id, t.newEdit())
		m.odd = true
		t.refuse(m)
	}
}
