package routertest

import (
	"fmt"
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

// On each router every requirement is met, those of the standards too. The suite reads the
// users by the GET beside the patch.
func TestConformance(t *testing.T) {
	for _, router := range routers() {
		t.Run(router.name, func(t *testing.T) {
			t.Parallel()
			report, err := servertest.Check(t.Context(), servertest.Target{
				URL: router.mount(newUsers()).start(t), ReadByGet: true,
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
			if d := cmp.Diff(answeredByRouter[router.name], open); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
