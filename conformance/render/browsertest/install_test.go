package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// browserPath is where Debian puts Chromium.
const browserPath = "/usr/bin/chromium"

// errMissing: what the test needs cannot be had on this machine.
var errMissing = errors.New("missing here")

// needBrowser makes sure that there is a browser, and the library that drives
// it. What the machine lacks skips the test, but not on a CI machine.
func needBrowser(t *testing.T) {
	t.Helper()
	err := errors.Join(look("node"), look("npm"), look(browserPath))
	if err == nil && !isInstalled() {
		err = npmCI(t.Context())
	}
	switch {
	case err == nil:
	case errors.Is(err, errMissing) && os.Getenv("CI") != "true":
		t.Skipf("SKIPPED: the HTML report was NOT tested in a browser (with CI=true this would fail): %v", err)
	default:
		t.Fatalf("the HTML report cannot be tested in a browser: %v", err)
	}
}

func look(program string) error {
	if _, err := exec.LookPath(program); err != nil {
		return fmt.Errorf("%w: %w", errMissing, err)
	}
	return nil
}

// isInstalled reports whether npm has finished after the last change of what it
// goes by. Both are always looked at, so that go test notices a change.
func isInstalled() bool {
	manifest, err := os.Stat(filepath.Join("testdata", "package.json"))
	lock, lockErr := os.Stat(filepath.Join("testdata", "package-lock.json"))
	// npm writes this file last.
	done, doneErr := os.Stat(filepath.Join("testdata", "node_modules", ".package-lock.json"))
	return errors.Join(err, lockErr, doneErr) == nil &&
		done.ModTime().After(manifest.ModTime()) && done.ModTime().After(lock.ModTime())
}

// offline matches what npm says of a registry that it cannot reach.
var offline = regexp.MustCompile(`\b(E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH|HOSTUNREACH)|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b`)

func npmCI(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline",
		"--loglevel=error", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
	npm.Dir = "testdata"
	npm.WaitDelay = 5 * time.Second
	out, err := npm.CombinedOutput()
	if err != nil && (ctx.Err() != nil || offline.Match(out)) {
		return fmt.Errorf("npm ci cannot reach its registry: %w: %w\n%s", errMissing, err, out)
	}
	if err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return nil
}
