package browsertest

import (
	"errors"
	"os"
	"testing"

	"github.com/userrecord/userrecord/conformance/internal/npm"
)

// browserPath is where Debian puts Chromium.
const browserPath = "/usr/bin/chromium"

// needBrowser makes sure that there is a browser, and the library that drives
// it. What the machine lacks skips the test, but not on a CI machine.
func needBrowser(t *testing.T) {
	t.Helper()
	err := npm.Look(browserPath)
	if err == nil {
		err = npm.Install(t.Context(), "testdata")
	}
	switch {
	case err == nil:
	case errors.Is(err, npm.ErrMissing) && os.Getenv("CI") != "true":
		t.Skipf("SKIPPED: the HTML report was NOT tested in a browser (with CI=true this would fail): %v", err)
	default:
		t.Fatalf("the HTML report cannot be tested in a browser: %v", err)
	}
}
