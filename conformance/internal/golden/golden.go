// Package golden has the committed files that tests compare with. The flag -update
// of the tests that import it rewrites them.
package golden

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the files that the tests compare with")

// Updating reports whether the tests rewrite the files.
func Updating() bool { return *update }

// Text compares a text with the file, or writes it.
func Text(t *testing.T, file, got string) {
	t.Helper()
	if Updating() {
		write(t, file, got)
	}
	if diff := cmp.Diff(read(t, file), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// A Matrix has, by the name of a server or Store, the ids of the requirements that
// it does not meet.
type Matrix map[string][]string

// ReadMatrix reads a file that [Matrix.Write] wrote.
func ReadMatrix(t *testing.T, file string) Matrix {
	t.Helper()
	m := Matrix{}
	for line := range strings.Lines(read(t, file)) {
		if name, ids, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(line, "#") {
			m[name] = strings.Fields(ids)
		}
	}
	return m
}

// Write writes the names and their ids, a line each, in the order of the names,
// below the head, a comment.
func (m Matrix) Write(t *testing.T, file, head string, names []string) {
	t.Helper()
	text := "# " + strings.ReplaceAll(head, "\n", "\n# ") + "\n"
	for _, name := range names {
		text += name + ": " + strings.Join(m[name], " ") + "\n"
	}
	write(t, file, text)
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
