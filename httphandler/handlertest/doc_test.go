package handlertest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// docs/fake.md has every fault and every operation of the control endpoint.
func TestDocsAreComplete(t *testing.T) {
	text, err := os.ReadFile("../../docs/fake.md")
	require.NoError(t, err)
	for _, name := range handlertest.FaultNames() {
		if !strings.Contains(string(text), "\n| `"+name+"`") {
			t.Errorf("docs/fake.md has no row for %s", name)
		}
	}
	for _, operation := range handlertest.New().Operations() {
		method, path, _ := strings.Cut(operation, " ")
		found := false
		for row := range strings.Lines(string(text)) {
			cell, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " |")
			found = found || strings.HasPrefix(row, "| ") && strings.Contains(cell, method) && (strings.HasSuffix(cell, path+"`") || strings.Contains(cell, path+"?"))
		}
		if !found {
			t.Errorf("docs/fake.md has no row for %s", operation)
		}
	}
}
