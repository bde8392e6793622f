package servertest

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
)

// Target is the server to check and the fixtures that the checks may use. URL,
// User and Token are required; a check whose fixture is absent does not run.
type Target struct {
	// URL is the base URL, to which /users/{userId} is appended, such as
	// https://api.example.com/user/2025-1.
	URL string
	// User is the user that the run patches. The run restores the record at the
	// end.
	User uuid.UUID
	// Token is a bearer token that may write User and OtherUser.
	Token string

	OtherUser   uuid.UUID // a user that must never change
	UnknownUser uuid.UUID // the id of no user; a random one if zero
	FailingUser uuid.UUID // a user whose patch makes the server fail internally

	ForbiddenToken string // of a caller who is known, and may not write the users
	UnlinkedToken  string // of a caller whose linked identity is missing

	// ReadByGet lets the run read users with GET of the same URL. By default it
	// reads them with a patch without attributes. If the server refuses that patch, the
	// run reads User with GET, if the server has one, or with patches that repeat what
	// User has; the notes of the report say so.
	ReadByGet bool
	// Record is a JSON object, the attributes that User has. Give it for a server that
	// refuses a patch without attributes and has no GET. Without it, the run must set an
	// attribute of such a server before it can read the user, cannot restore that
	// attribute, and is inconclusive at best.
	Record []byte
	// Managed names attributes that the run never writes, such as email.
	Managed []string

	// Header is sent with every request, in addition to the fields that the run sends
	// itself: for instance an API key that a gateway asks for. Each field has one value.
	// No report shows a value of eight characters or more; the Curl lines take the values
	// from the environment variables that [HeaderVariable] names.
	Header http.Header
	// TLS configures the client that the suite makes, for instance with root certificates
	// of your own. nil means those of the system. It must be nil if Client is not.
	TLS *tls.Config
	// Client sends the requests. nil means a client of the suite's own, which
	// follows no redirects and uses the proxy of the environment.
	Client *http.Client
}

// validate reports what makes a run impossible, as a [conformance.ConfigError].
func (t *Target) validate() error {
	if problem := urlProblem(t.URL); problem != "" {
		return &conformance.ConfigError{Field: "Target.URL", Problem: problem}
	}
	switch {
	case t.User == uuid.Nil:
		return &conformance.ConfigError{Field: "Target.User", Problem: "is missing"}
	case t.User == t.OtherUser:
		return &conformance.ConfigError{Field: "Target.OtherUser", Problem: "is the same as Target.User"}
	case t.Token == "":
		return &conformance.ConfigError{Field: "Target.Token", Problem: "is missing"}
	case t.TLS != nil && t.Client != nil:
		return &conformance.ConfigError{Field: "Target.TLS", Problem: "is of no use with Target.Client: configure the client"}
	case t.ReadByGet && t.Record != nil:
		return &conformance.ConfigError{Field: "Target.Record", Problem: "is of no use with Target.ReadByGet: leave out one of them"}
	}
	if problem := t.headerProblem(); problem != "" {
		return &conformance.ConfigError{Field: "Target.Header", Problem: problem}
	}
	for _, name := range t.Managed {
		if !isAttribute(name) {
			return &conformance.ConfigError{Field: "Target.Managed", Problem: fmt.Sprintf("%q is not an attribute of a user", name)}
		}
	}
	return nil
}

// urlProblem returns what is wrong with a base URL, or "". It does not quote the
// URL, which may hold a password.
func urlProblem(base string) string {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "is not an absolute http or https URL"
	case u.User != nil:
		return "must hold no credentials"
	case u.RawQuery != "" || u.Fragment != "":
		return "must have no query and no fragment"
	}
	return ""
}

// A fixture is a field of the target that some checks need.
type fixture struct {
	name  string // what it is, with the field in parentheses
	given func(*Target) bool
}

var (
	needOther     = &fixture{"another user (Target.OtherUser)", func(t *Target) bool { return t.OtherUser != uuid.Nil }}
	needFailing   = &fixture{"a user whose patch fails (Target.FailingUser)", func(t *Target) bool { return t.FailingUser != uuid.Nil }}
	needForbidden = &fixture{"a token that may not write (Target.ForbiddenToken)", func(t *Target) bool { return t.ForbiddenToken != "" }}
	needUnlinked  = &fixture{"a token without linked identity (Target.UnlinkedToken)", func(t *Target) bool { return t.UnlinkedToken != "" }}
)

func (t *Target) userURL(id uuid.UUID) string {
	return strings.TrimRight(t.URL, "/") + "/users/" + id.String()
}
