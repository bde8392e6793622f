package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// unmet are the requirements that the application does not meet, or has nothing to do
// with: accounts have no time zone, tokens no linked identity, and chi answers methods that
// no standard has by itself.
var unmet = []string{
	"not-run merge.zoneInfo", "not-run formats.zone", "not-run formats.zone-nonsense",
	"not-run linked.code",
	"failed method.allow",
}

// The application meets all other requirements, those of the standards too. The user that
// the suite takes for one that does not exist is another tenant's.
func TestConformance(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		failing := h.create("acme", `{"firstName":"Broken"}`)
		_, err := h.db.ExecContext(t.Context(), "UPDATE accounts SET house_no = 'no number', house_no_is_number = $1 WHERE uuid = $2", true, failing.String())
		require.NoError(t, err)
		report, err := servertest.Check(t.Context(), servertest.Target{
			URL: h.url, ReadByGet: true, Managed: []string{"zoneInfo"},
			User: h.create("acme", `{"firstName":"John"}`), OtherUser: h.create("acme", `{"firstName":"Jane"}`),
			UnknownUser: h.create("other", `{"firstName":"Hidden"}`), FailingUser: failing,
			Token: h.admin("acme"), ForbiddenToken: h.user("acme", uuid.New()),
		}, &conformance.Options{Strict: true})
		require.NoError(t, err)
		var open []string
		for _, result := range report.Results {
			if result.Counts() || result.Status == conformance.NotRun {
				open = append(open, fmt.Sprintf("%s %s", result.Status, result.ID))
				t.Log(result.ID, result.Reason())
			}
		}
		if d := cmp.Diff(unmet, open); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}
