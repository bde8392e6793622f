package drafts

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/internal/npm"
)

const vectorsFolder = "../vectors"

// The vectors are what their schema says, by another reader than ours, and the schema
// refuses what is not.
func TestVectorsSchema(t *testing.T) {
	touchVectors(t)
	npm.Need(t, "the schema of the vectors", npm.Install(t.Context(), "."))
	out, err := exec.CommandContext(t.Context(), "node", "vectors-schema.mjs").CombinedOutput()
	if err != nil || !regexp.MustCompile(`^13 files, 3\d changes\n$`).Match(out) {
		t.Errorf("%v:\n%s", err, out)
	}
}

// The drafts that the vectors are run against, each by another runner. (README.md has what
// they find in the others.) The one in Python also finds integers beyond 2^53 that were
// rounded; JavaScript rounds them, too.
var vectorRunners = map[string][]string{
	"express": {"python3", "-S", "run.py"},
	"huma":    {"node", "run.mjs"},
}

// testVectors runs the vectors against the draft at the URL. What they find is what the
// draft's vectors.txt says.
func (d draft) testVectors(t *testing.T, runner []string, version, url string) {
	touchVectors(t)
	npm.Need(t, "the vectors on the draft in "+d.framework, npm.Look(runner[0]))
	missed := "# What the vectors find; go test ./conformance/drafts -update rewrites this file.\n" +
		"framework " + d.framework + " " + version + "\n" + missedAt(t, runner, url)
	golden.Text(t, filepath.Join(d.folder, "vectors.txt"), missed)
	d.mustBeKnown(t, missed)
}

// mustBeKnown checks that a vector of a MUST is missed only where the suite says so, too:
// vectors are no stricter than the suite.
func (d draft) mustBeKnown(t *testing.T, missed string) {
	t.Helper()
	failed := strings.Fields(d.facts(t)["failed"])
	for _, m := range regexp.MustCompile(`(?m)^MUST (.*) \[(.*)\]`).FindAllStringSubmatch(missed, -1) {
		if !slices.ContainsFunc(strings.Fields(m[2]), func(id string) bool { return slices.Contains(failed, id) }) {
			t.Errorf("%s is missed, and the suite says nothing of %s", m[1], m[2])
		}
	}
}

// missedAt returns what the runner prints.
func missedAt(t *testing.T, runner []string, url string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), runner[0], slices.Concat(runner[1:], []string{"--url", url})...)
	command.Dir = filepath.Join(vectorsFolder, "runners")
	command.Env = append(os.Environ(), "ACCESS_TOKEN=good-token", "FORBIDDEN_TOKEN=forbidden-token", "UNLINKED_TOKEN=unlinked-token")
	out, err := command.CombinedOutput()
	if exit, failed := errors.AsType[*exec.ExitError](err); err != nil && (!failed || exit.ExitCode() != 1) {
		t.Errorf("%v", err)
	}
	return string(out)
}

// touchVectors is touch for the vectors, their schema and the runner.
func touchVectors(t *testing.T) {
	t.Helper()
	for _, pattern := range []string{"v1/*", "v1.schema.json", "runners/*"} {
		files, err := filepath.Glob(filepath.Join(vectorsFolder, pattern))
		require.NoError(t, err)
		for _, file := range files {
			_, err := os.ReadFile(file)
			require.NoError(t, err)
		}
	}
}
