package drafts

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/internal/npm"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// What the kit finds in each draft is what its expected.txt says.
func TestDrafts(t *testing.T) {
	npmErr := npm.Install(t.Context(), ".")
	for _, d := range sample(drafts) {
		t.Run(d.folder, func(t *testing.T) {
			t.Parallel()
			version := d.needVersion(t, npmErr)
			report := d.check(t)
			golden.Text(t, d.expectedFile(), d.found(version, report))
		})
	}
}

func (d draft) expectedFile() string { return filepath.Join(d.folder, "expected.txt") }

// needVersion returns the version of the framework. What the machine lacks skips the
// test, but not on a CI machine.
func (d draft) needVersion(t *testing.T, npmErr error) string {
	t.Helper()
	out, err := d.prepare(exec.Command(d.version[0], d.version[1:]...)).Output()
	switch {
	case err == nil:
		return strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
	case os.Getenv("CI") == "true", npmErr != nil && !errors.Is(npmErr, npm.ErrMissing):
		t.Fatalf("the draft in %s cannot be tested: %v", d.framework, errors.Join(err, npmErr))
	}
	t.Skipf("SKIPPED: the draft in %s was NOT tested (with CI=true this would fail): %v", d.framework, errors.Join(err, npmErr))
	return ""
}

// check runs the kit against the draft, as somebody does who has not read how.
func (d draft) check(t *testing.T) *conformance.Report {
	t.Helper()
	// A slow machine must not look like a slow draft.
	opts := &conformance.Options{Seed: 1, Timeout: 2 * time.Minute}
	report, err := servertest.Check(t.Context(), servertest.Target{
		URL:            d.start(t),
		User:           uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090"),
		OtherUser:      uuid.MustParse("5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90"),
		UnknownUser:    uuid.MustParse("3b9c1a70-6d25-4e8f-b1a4-7c5d2e9f0a18"),
		Token:          "good-token",
		ForbiddenToken: "forbidden-token",
		UnlinkedToken:  "unlinked-token",
	}, opts)
	require.NoError(t, err)
	return report
}

// found returns the text of the expected file.
func (d draft) found(version string, report *conformance.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s. go test ./conformance/drafts -update rewrites this file.\n", d.framework, version)
	fmt.Fprintf(&b, "verdict %s\nsays %s\n", report.Verdict, report.Reason())
	fmt.Fprintf(&b, "not run %d\n", len(d.ids(report, conformance.NotRun)))
	for _, status := range []conformance.Status{conformance.Failed, conformance.Warned} {
		for _, id := range d.ids(report, status) {
			fmt.Fprintf(&b, "%s %s\n", status, id)
		}
	}
	return b.String()
}

// ids returns the sorted ids of that status, less those left to chance.
func (d draft) ids(report *conformance.Report, status conformance.Status) (ids []string) {
	for _, r := range report.Results {
		if r.Status == status && !d.byChance(r.ID) {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func (d draft) byChance(id string) bool {
	for pattern := range d.chance {
		if matched, _ := path.Match(pattern, id); matched {
			return true
		}
	}
	return false
}

// sample returns all, or a few under the race detector, which looks at the kit and not
// at the drafts.
func sample(all []draft) []draft {
	if raceEnabled {
		return all[:2]
	}
	return all
}
