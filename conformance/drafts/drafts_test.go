package drafts

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/internal/npm"
	"github.com/userrecord/userrecord/conformance/internal/sample"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// What the suite finds in each draft is what the draft's expected.txt says; and the vectors,
// at the same server, which the suite leaves as it was.
func TestDrafts(t *testing.T) {
	npmErr := npm.Install(t.Context(), ".")
	for _, d := range few(drafts) {
		t.Run(d.folder, func(t *testing.T) {
			t.Parallel()
			version := d.needVersion(t, npmErr)
			url := d.start(t)
			golden.Text(t, d.expectedFile(), d.expected(version, check(t, url)))
			if runner, ok := vectorRunners[d.folder]; ok {
				t.Run("vectors", func(t *testing.T) { d.testVectors(t, runner, version, url) })
			}
		})
	}
}

// few returns all, or two under the race detector, which looks at the suite and not
// at the drafts.
func few(all []draft) []draft {
	if sample.Partial {
		return all[:2]
	}
	return all
}

// needVersion returns the version of the framework. What the machine lacks skips the
// test, and so does another version than that of the expected file; but not on a CI machine.
func (d draft) needVersion(t *testing.T, npmErr error) string {
	t.Helper()
	out, err := d.prepare(exec.Command(d.version[0], d.version[1:]...)).Output()
	version := strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
	if known := d.facts(t)["framework"]; err == nil && !golden.Updating() && known != d.framework+" "+version {
		err = fmt.Errorf("%s is known, and here is %s", known, version)
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true", npmErr != nil && !errors.Is(npmErr, npm.ErrMissing):
		t.Fatalf("the draft in %s cannot be tested: %v", d.framework, errors.Join(err, npmErr))
	default:
		t.Skipf("SKIPPED: the draft in %s was NOT tested (with CI=true this would fail): %v", d.framework, errors.Join(err, npmErr))
	}
	return version
}

// check runs the suite against the draft at the URL, as somebody does at first contact. It
// is patient with a machine that is busy. What clients at once see depends on chance.
func check(t *testing.T, url string) *conformance.Report {
	t.Helper()
	report, err := servertest.Check(t.Context(), servertest.Target{
		URL:            url,
		User:           uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090"),
		OtherUser:      uuid.MustParse("5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90"),
		UnknownUser:    uuid.MustParse("3b9c1a70-6d25-4e8f-b1a4-7c5d2e9f0a18"),
		Token:          "good-token",
		ForbiddenToken: "forbidden-token",
		UnlinkedToken:  "unlinked-token",
	}, &conformance.Options{Seed: 1, Timeout: time.Minute, Skip: []string{"concurrency.*"}})
	require.NoError(t, err)
	return report
}
