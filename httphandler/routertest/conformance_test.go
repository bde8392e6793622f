package routertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// answeredByRouter are the requirements that a router leaves open, because it answers
// methods that no standard has by itself.
var answeredByRouter = map[string][]string{
	"chi v5":   {"failed method.allow"},
	"gin":      {"not-run method.allow"},
	"fiber v3": {"not-run method.allow"},
}

// On each router every requirement is met that the handler meets without one, those of the
// standards too. The suite reads the users by the GET beside the patch.
func TestConformance(t *testing.T) {
	t.Parallel()
	alone := unmet(t, onNetHTTP{newUsers()})
	for _, open := range alone {
		if !strings.HasPrefix(open, "not-run ") {
			t.Errorf("without a router: %s", open)
		}
	}
	for _, router := range routers() {
		t.Run(router.name, func(t *testing.T) {
			t.Parallel()
			want := append(slices.Clone(alone), answeredByRouter[router.name]...)
			slices.Sort(want)
			if d := cmp.Diff(want, unmet(t, router.mount(newUsers()))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// unmet returns the status and the id of each requirement that is not met, or not checked.
func unmet(t *testing.T, server served) []string {
	t.Helper()
	report, err := servertest.Check(t.Context(), servertest.Target{
		URL: server.start(t), ReadByGet: true,
		User: exampleID, OtherUser: otherID, FailingUser: failingID,
		Token: "test-token", ForbiddenToken: "test-forbidden", UnlinkedToken: "test-unlinked",
	}, &conformance.Options{Strict: true})
	require.NoError(t, err)
	var open []string
	for _, result := range report.Results {
		if result.Counts() || result.Status == conformance.NotRun {
			open = append(open, fmt.Sprintf("%s %s", result.Status, result.ID))
			t.Log(result.ID, result.Reason())
		}
	}
	slices.Sort(open)
	return open
}
