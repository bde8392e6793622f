package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// quickstart returns the block of this language in docs/quickstart.md.
func quickstart(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/quickstart.md")
	require.NoError(t, err)
	found := regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllSubmatch(text, -1)
	if found == nil {
		t.Fatalf("no block of %s in docs/quickstart.md", language)
	}
	return string(found[len(found)-1][1])
}

// The programs of the page patch a user of the server that it starts. That of TypeScript
// has no types, so that every Node.js runs it.
func TestQuickstart(t *testing.T) {
	t.Parallel()
	for language, program := range map[string]struct{ interpreter, file string }{
		"python": {"python3", "patch.py"},
		"ts":     {"node", "patch.mjs"},
	} {
		t.Run(language, func(t *testing.T) {
			requireTool(t, program.interpreter)
			s := startServer(t, nil)
			text := strings.Replace(quickstart(t, language), "http://127.0.0.1:8080", s.base, 1)
			if got := runIn(t, t.TempDir(), program.file, text, program.interpreter, program.file); got != "patched\n" {
				t.Errorf("it prints %q", got)
			}
		})
	}
}

// The page's test passes in a new module.
func TestQuickstartInGo(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600))
	commands := strings.Replace(quickstart(t, "sh"), "=../userrecord", "="+root, 1)
	runIn(t, dir, "patch_test.go", quickstart(t, "go"), "sh", "-ec", commands+"go test -mod=mod")
}

// runIn runs a command in a folder with this file, and returns what it prints.
func runIn(t *testing.T, dir, name, text string, command ...string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	c := exec.CommandContext(t.Context(), command[0], command[1:]...)
	c.Dir, c.Env = dir, append(os.Environ(), "GOWORK=off", "NO_PROXY=127.0.0.1")
	out, err := c.CombinedOutput()
	require.NoErrorf(t, err, "%s\n%s", command, out)
	return string(out)
}
