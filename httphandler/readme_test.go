package httphandler_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The README's Go snippets are correct: a program builds in a module made as in the
// README, and any other snippet is part of a compiled test.
func TestReadmeSnippets(t *testing.T) {
	t.Parallel()
	readme := readFile(t, "../README.md")
	snippets := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(readme, -1)
	if len(snippets) < 2 {
		t.Fatalf("the README has %d Go snippets", len(snippets))
	}
	compiled := compiledTests(t)
	for _, snippet := range snippets {
		switch text := snippet[1]; {
		case strings.HasPrefix(text, "package main"):
			compile(t, text)
		case !strings.Contains(compiled, unindented(text)):
			t.Errorf("no test compiles this snippet:\n%s", text)
		}
	}
}

// compile checks that the program compiles in a new module beside this one. It is not linked, which
// takes longer.
func compile(t *testing.T, program string) {
	t.Helper()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.go": program,
		"go.mod":  "module example.com/host\n\ngo 1.26.0\n",
		"go.sum":  readFile(t, "../go.sum"),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for _, args := range [][]string{
		{"mod", "edit", "-require=github.com/userrecord/userrecord@v0.0.0", "-replace=github.com/userrecord/userrecord=" + root},
		{"list", "-export", "-mod=mod", "."},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func compiledTests(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"../*/*_test.go", "../*/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			all.WriteString(unindented(readFile(t, file)))
		}
	}
	return all.String()
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

var indent = regexp.MustCompile(`(?m)^\t+`)

func unindented(s string) string { return indent.ReplaceAllString(s, "") }
