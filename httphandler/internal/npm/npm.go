// Package npm installs the packages from npm that tests of a nested module run.
package npm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"testing"
	"time"
)

// errUnavailable means that the packages cannot be installed on this machine.
var errUnavailable = errors.New("not available here")

// Require installs what package-lock.json of the working directory says, if it is not
// installed. If that fails, so does the test, which cannot test what it names; but it is
// skipped if the machine is the reason and CI is not true.
func Require(t testing.TB, what string) {
	t.Helper()
	err := install()
	switch {
	case err == nil:
	case errors.Is(err, errUnavailable) && os.Getenv("CI") != "true":
		t.Skipf("SKIPPED: NOT tested: %s (with CI=true this would fail): %v", what, err)
	default:
		t.Fatalf("cannot be tested: %s: %v", what, err)
	}
}

var install = sync.OnceValue(func() error {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("%w: %w", errUnavailable, err)
		}
	}
	if installed() {
		return nil
	}
	return npmInstall(4 * time.Minute)
})

// installed reports whether node_modules is complete and matches the lock file.
func installed() bool {
	var changed time.Time
	// Always read, so that go test does not use cached results after a change.
	for _, name := range []string{"package.json", "package-lock.json"} {
		source, err := os.Stat(name)
		if err != nil {
			return false
		}
		if source.ModTime().After(changed) {
			changed = source.ModTime()
		}
	}
	// npm writes this file last.
	done, err := os.Stat("node_modules/.package-lock.json")
	return err == nil && done.ModTime().After(changed)
}

// unreachable matches what npm prints when it cannot reach its registry.
var unreachable = regexp.MustCompile(`\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b`)

func npmInstall(timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
		"--prefer-offline", "--loglevel=error", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil, unreachable.Match(out):
		return fmt.Errorf("%w: npm ci cannot reach its registry: %w\n%s", errUnavailable, err, out)
	}
	return fmt.Errorf("npm ci: %w\n%s", err, out)
}
