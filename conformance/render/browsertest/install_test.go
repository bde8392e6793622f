package browsertest

import (
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
	npm.Need(t, "the HTML report in a browser", err)
}
