package drafts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/golden"
)

func (d draft) expectedFile() string { return filepath.Join(d.folder, "expected.txt") }

// expected returns the text of that file: a fact a line, the first word says which.
func (d draft) expected(version string, report *conformance.Report) string {
	lines := []string{
		"# What the suite finds, without concurrency.*; go test ./conformance/drafts -update rewrites this file.",
		"framework " + d.framework + " " + version,
		"verdict " + string(report.Verdict),
		"says " + strings.TrimSpace(report.Reason()+" "+report.Unrestored()),
		fmt.Sprint("not-run ", report.Summary.NotRun),
	}
	var red []string
	for _, r := range report.Results {
		if r.Status == conformance.Failed || r.Status == conformance.Warned {
			red = append(red, string(r.Status)+" "+r.ID)
		}
	}
	slices.Sort(red)
	return strings.Join(append(lines, red...), "\n") + "\n"
}

const tableHead = `| draft | framework | verdict | MUST failed | SHOULD warned | not run | what the suite says |
|---|---|---|--:|--:|--:|---|
`

// The table of the README says what the expected files do.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	head, _, found := strings.Cut(string(readme), tableHead)
	require.True(t, found, "README.md has no table")
	text := head + tableHead
	for _, d := range drafts {
		text += d.row(t)
	}
	golden.Text(t, "README.md", text)
}

// row returns the draft's row of the table.
func (d draft) row(t *testing.T) string {
	t.Helper()
	facts := d.facts(t)
	count := func(name string) int { return len(strings.Fields(facts[name])) }
	return fmt.Sprintf("| [%s](%s) | %s | %s | %d | %d | %s | %s |\n", d.folder, d.folder, facts["framework"], facts["verdict"],
		count("failed"), count("warned"), facts["not-run"], strings.ReplaceAll(facts["says"], "|", `\|`))
}

// facts returns what the expected file says, by the first word of a line; those of lines
// that begin alike are joined by blanks.
func (d draft) facts(t *testing.T) map[string]string {
	t.Helper()
	expected, err := os.ReadFile(d.expectedFile())
	if golden.Updating() && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	facts := map[string]string{}
	for line := range strings.Lines(string(expected)) {
		name, fact, _ := strings.Cut(strings.TrimSpace(line), " ")
		facts[name] = strings.TrimSpace(facts[name] + " " + fact)
	}
	return facts
}
