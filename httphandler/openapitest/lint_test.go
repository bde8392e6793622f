//go:build !race

package openapitest

import (
	"testing"

	"github.com/userrecord/userrecord/httphandler/internal/npm"
)

// Spectral, with all its rules for OpenAPI, finds nothing.
func TestSpectral(t *testing.T) {
	t.Parallel()
	npm.Require(t, "the document in JavaScript")
	copyFiles(t, t.TempDir(), ".spectral.yaml", documentFile)
	run(t, node(".", "node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--ruleset", ".spectral.yaml", "--fail-severity", "hint", documentFile))
}
