package vectors_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every example of a format in docs/formats.md is a vector: what is taken is set, and what
// is refused is not.
func TestFormatsPage(t *testing.T) {
	statuses := map[string]int{}
	for _, v := range allVectors(t) {
		statuses[string(toASCII(v.Request.Body.Bytes()))] = v.Status
	}
	for pointer, example := range formatExamples(t) {
		for i, want := range []int{200, 422} {
			for _, literal := range example[i] {
				if got := statuses[document(attributesAt(pointer, literal))]; got != want {
					t.Errorf("%s %s: the status is %d in the vectors, want %d", pointer, literal, got, want)
				}
			}
		}
	}
}

// formatExamples returns the JSON literals that are taken and refused, by pointers.
func formatExamples(t *testing.T) map[string][2][]string {
	t.Helper()
	page, err := os.ReadFile("../../docs/formats.md")
	require.NoError(t, err)
	_, table, found := strings.Cut(string(page), "\n| attribute | taken | refused |\n|---|---|---|\n")
	require.True(t, found, "there is no table of examples")
	table, _, _ = strings.Cut(table, "\n\n")
	examples := map[string][2][]string{}
	code := regexp.MustCompile("`([^`]+)`")
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(row, "|\n"), "|")
		pointer := "/" + strings.ReplaceAll(code.FindStringSubmatch(cells[0])[1], ".", "/")
		if i := slices.IndexFunc(scalars, func(s scalar) bool { return s.pointer == pointer }); scalars[i].isFree() && !scalars[i].isTextOrInt() {
			continue // text.json has better ones
		}
		both := examples[pointer]
		for i := range both {
			for _, m := range code.FindAllStringSubmatch(cells[i+1], -1) {
				literal := m[1]
				if !slices.Contains([]string{"/address/houseNo", "/address/postalCode"}, pointer) {
					literal = string(writeJSON(literal))
				}
				both[i] = append(both[i], literal)
			}
		}
		examples[pointer] = both
	}
	return examples
}
