package servertest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// Target is the server to check and the fixtures that the checks may use. URL,
// User and Token are required; a check whose fixture is absent does not run.
type Target struct {
	// URL is the base URL, what /users/{userId} hangs from, such as
	// https://api.example.com/user/2025-1.
	URL string
	// User is the user that the run patches. It is restored at the end.
	User uuid.UUID
	// Token is a bearer token that may write User and OtherUser.
	Token string

	OtherUser   uuid.UUID // must never change
	UnknownUser uuid.UUID // there is no such user; random if zero
	FailingUser uuid.UUID // a patch of it makes the server fail internally

	ForbiddenToken string // authenticated, and may not write the users
	UnlinkedToken  string // its linked identity is missing

	// ReadByGet reads a user back with GET of the same URL. By default that is
	// done with a patch without attributes.
	ReadByGet bool
	// Record is the JSON object of the attributes that User has, for a server
	// that refuses a patch without attributes and has no GET.
	Record []byte
	// Managed names attributes that are never written, such as email.
	Managed []string

	// Client sends the requests; nil means a client of the suite's own, which
	// follows no redirects.
	Client *http.Client
}

// validate reports what makes a run impossible.
func (t *Target) validate() error {
	u, err := url.Parse(t.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("conformance: the URL %q is not an absolute http or https URL", t.URL)
	case u.User != nil:
		return errors.New("conformance: the URL must hold no credentials")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("conformance: the URL must have no query and no fragment")
	case t.User == uuid.Nil:
		return errors.New("conformance: the target has no user")
	case t.User == t.OtherUser:
		return errors.New("conformance: the user and the other user are the same")
	case t.Token == "":
		return errors.New("conformance: the target has no token")
	case t.ReadByGet && t.Record != nil:
		return errors.New("conformance: ReadByGet and Record exclude each other")
	}
	for _, name := range t.Managed {
		if !isAttribute(name) {
			return fmt.Errorf("conformance: %q is not an attribute of a user", name)
		}
	}
	return nil
}

// has reports whether the target has the fixture.
func (t *Target) has(need string) bool {
	switch need {
	case needOther:
		return t.OtherUser != uuid.Nil
	case needFailing:
		return t.FailingUser != uuid.Nil
	case needForbidden:
		return t.ForbiddenToken != ""
	case needUnlinked:
		return t.UnlinkedToken != ""
	}
	return false
}

func (t *Target) userURL(id uuid.UUID) string {
	return strings.TrimRight(t.URL, "/") + "/users/" + id.String()
}

// tokens are the secrets that must stand in no report.
func (t *Target) tokens() []string {
	return []string{t.Token, t.ForbiddenToken, t.UnlinkedToken}
}
