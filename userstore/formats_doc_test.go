package userstore_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/userstore"
)

// docsRows returns the rows of the table in docs/formats.md with this second heading.
func docsRows(t *testing.T, second string) (rows [][]string) {
	t.Helper()
	_, table, found := strings.Cut(readFile(t, "../docs/formats.md"), "\n| attribute | "+second+" |")
	if !found {
		t.Fatalf("no table of what is %s", second)
	}
	for line := range strings.Lines(table) {
		switch {
		case line == "\n":
			return rows
		case line[0] == '|' && !strings.HasPrefix(line, "|---"):
			cells := strings.Split(strings.Trim(line, "|\n"), "|")
			rows = append(rows, cells)
		}
	}
	return rows
}

// code returns the texts between backticks.
func code(cell string) (texts []string) {
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		texts = append(texts, m[1])
	}
	return texts
}

func pointerOf(name string) string { return "/" + strings.ReplaceAll(name, ".", "/") }

// Every example is accepted or refused as docs/formats.md says.
func TestFormatsPageExamples(t *testing.T) {
	examples := map[string]int{}
	for _, row := range docsRows(t, "taken") {
		pointer := pointerOf(code(row[0])[0])
		for _, text := range code(row[1]) {
			examples[pointer]++
			if err := validateExample(t, pointer, text); err != nil {
				t.Errorf("%s %q: %v", pointer, text, err)
			}
		}
		for _, text := range code(row[2]) {
			if validateExample(t, pointer, text) == nil {
				t.Errorf("%s %q is taken", pointer, text)
			}
		}
	}
	for _, s := range allScalars {
		if examples[s.pointer] == 0 {
			t.Errorf("%s has no example", s)
		}
	}
}

func validateExample(t *testing.T, pointer, text string) error {
	t.Helper()
	if pointer != "/address/houseNo" && pointer != "/address/postalCode" {
		return userstore.DefaultRules().Validate(only(pointer, text))
	}
	var v userstore.TextOrInt
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return err
	}
	return userstore.DefaultRules().Validate(only(pointer, v.Text()))
}

// The table of formats has every attribute, with the limit that is checked and whether
// the text may be empty.
func TestFormatsPageLimits(t *testing.T) {
	var documented []string
	for _, row := range docsRows(t, "what is taken") {
		for _, name := range code(row[0]) {
			pointer := pointerOf(name)
			documented = append(documented, pointer)
			limit := 0
			_, err := fmt.Sscan(strings.ReplaceAll(row[2], ",", ""), &limit)
			require.NoError(t, err, name)
			if d := diff([]userstore.Problem(nil), problems(t, only(pointer, strings.Repeat("é", limit)).Check())); d != "" {
				t.Errorf("%s, %d code points (-want +got):\n%s", name, limit, d)
			}
			if only(pointer, strings.Repeat("é", limit+1)).Check() == nil {
				t.Errorf("%s takes %d code points", name, limit+1)
			}
			if got, want := userstore.DefaultRules().Validate(only(pointer, "")) == nil, strings.Contains(row[1], "also the empty one"); got != want {
				t.Errorf("%s can be empty: %t, the page says %t", name, got, want)
			}
		}
	}
	var all []string
	for _, s := range allScalars {
		all = append(all, s.pointer)
	}
	slices.Sort(all)
	slices.Sort(documented)
	if d := diff(all, documented); d != "" {
		t.Errorf("attributes in the table (-want +got):\n%s", d)
	}
}

// The snippet in docs/formats.md is compiled and run.
func TestFormatsPageSnippet(t *testing.T) {
	page, tests := readFile(t, "../docs/formats.md"), readFile(t, "example_test.go")
	snippets := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(snippets) != 1 || !strings.Contains(unindented(tests), unindented(snippets[0][1])) {
		t.Errorf("no example has the snippets %q", snippets)
	}
}

func unindented(s string) string { return regexp.MustCompile(`(?m)^\t+`).ReplaceAllString(s, "") }

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}
