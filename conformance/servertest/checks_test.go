package servertest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The checks of a family are in the file of its name.
func TestFilesOfFamilies(t *testing.T) {
	for _, r := range Requirements() {
		family, _, _ := strings.Cut(r.ID, ".")
		file := "check_" + strings.ReplaceAll(family, "-", "_") + ".go"
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		if !strings.Contains(string(text), fmt.Sprintf("family(%q,", family)) {
			t.Errorf("%s does not list the family %s", file, family)
		}
	}
}
