package servertest

import (
	"crypto/tls"
	"errors"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
)

// What makes a run impossible is said by the field, and nothing is sent.
func TestCheckRefusesTargets(t *testing.T) {
	good := Target{URL: "http://127.0.0.1:1/user/2025-1", User: uuid.New(), Token: "token"}
	with := func(change func(*Target)) Target {
		target := good
		change(&target)
		return target
	}
	for want, target := range map[string]Target{
		"Target.URL: is not an absolute http or https URL":                         with(func(t *Target) { t.URL = "/users" }),
		"Target.URL: must hold no credentials":                                     with(func(t *Target) { t.URL = "http://u:p@127.0.0.1" }),
		"Target.URL: must have no query and no fragment":                           with(func(t *Target) { t.URL += "?a=b" }),
		"Target.User: is missing":                                                  with(func(t *Target) { t.User = uuid.Nil }),
		"Target.OtherUser: is the same as Target.User":                             with(func(t *Target) { t.OtherUser = t.User }),
		"Target.Token: is missing":                                                 with(func(t *Target) { t.Token = "" }),
		`Target.Managed: "mail" is not an attribute of a user`:                     with(func(t *Target) { t.Managed = []string{"email", "mail"} }),
		"Target.Record: is of no use with Target.ReadByGet: leave out one of them": with(func(t *Target) { t.ReadByGet, t.Record = true, []byte("{}") }),
		"Target.TLS: is of no use with Target.Client: configure the client":        with(func(t *Target) { t.TLS, t.Client = &tls.Config{}, http.DefaultClient }),
		"Target.Header: Content-Type is a field of the run's own":                  with(func(t *Target) { t.Header = http.Header{"content-type": {"a"}} }),
		"Target.Header: holds what is no name of a header field":                   with(func(t *Target) { t.Header = http.Header{"X Key": {"a"}} }),
		"Target.Header: X-Key needs one value":                                     with(func(t *Target) { t.Header = http.Header{"X-Key": {"a", "b"}} }),
		"Target.Header: X-Other needs one value":                                   with(func(t *Target) { t.Header = http.Header{"X-Other": {"a"}, "x-other": {"b"}} }),
	} {
		_, err := Check(t.Context(), target, nil)
		var config *conformance.ConfigError
		if !errors.As(err, &config) || config.Field+": "+config.Problem != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
