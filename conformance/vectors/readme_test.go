package vectors_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/conformance/internal/golden"
)

const themeTable = "| theme | vectors | what it says |\n|---|--:|---|\n"

// The table in README.md is that of the files.
func TestReadme(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	head, _, found := strings.Cut(string(page), themeTable)
	require.True(t, found, "README.md has no table")
	text, total := head+themeTable, 0
	for _, th := range themes() {
		f := th.file()
		total += f.Count
		text += fmt.Sprintf("| [%s](v1/%s.json) | %d | %s |\n", f.Theme, f.Theme, f.Count, strings.ReplaceAll(f.Comment, "|", `\|`))
	}
	golden.Text(t, "README.md", text+fmt.Sprintf("| | %d | |\n", total))
}

// Every member of the files that README.md names is there, and the other way round.
func TestReadmeNamesMembers(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	schema, err := os.ReadFile("v1.schema.json")
	require.NoError(t, err)
	for _, name := range []string{"before", "id", "requirements", "level", "comment", "flags", "request", "method", "path", "headers", "body", "text", "base64", "anonymous", "status", "mediaType", "errors", "after", "result", "allowedStatuses", "allowedAfter", "version"} {
		if !strings.Contains(string(page), "`"+name) || !strings.Contains(string(schema), `"`+name+`"`) {
			t.Errorf("%s is not in README.md and in the schema", name)
		}
	}
}
