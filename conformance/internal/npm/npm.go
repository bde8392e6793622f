// Package npm installs the packages from npm that tests run.
package npm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// ErrMissing means that npm or Node.js is not on this machine, or that the registry
// cannot be reached from it.
var ErrMissing = errors.New("missing here")

// Install makes dir/node_modules what dir/package-lock.json says, within four minutes.
// It does nothing if an earlier call did that. Scripts of the packages do not run.
func Install(ctx context.Context, dir string) error {
	if err := errors.Join(Look("node"), Look("npm")); err != nil {
		return err
	}
	if isInstalled(dir) {
		return nil
	}
	return install(ctx, dir)
}

// Look returns an error that wraps [ErrMissing] if there is no such program.
func Look(program string) error {
	if _, err := exec.LookPath(program); err != nil {
		return fmt.Errorf("%w: %w", ErrMissing, err)
	}
	return nil
}

// isInstalled reports whether npm has finished after the last change of what it
// goes by. Both are always looked at, so that go test notices a change.
func isInstalled(dir string) bool {
	manifest, err := os.Stat(filepath.Join(dir, "package.json"))
	lock, lockErr := os.Stat(filepath.Join(dir, "package-lock.json"))
	// npm writes this file last.
	done, doneErr := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	return errors.Join(err, lockErr, doneErr) == nil &&
		done.ModTime().After(manifest.ModTime()) && done.ModTime().After(lock.ModTime())
}

// offline matches what npm says of a registry that it cannot reach.
var offline = regexp.MustCompile(`\b(E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH|HOSTUNREACH)|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b`)

func install(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline",
		"--loglevel=error", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
	npm.Dir = dir
	npm.WaitDelay = 5 * time.Second
	out, err := npm.CombinedOutput()
	if err != nil && (ctx.Err() != nil || offline.Match(out)) {
		return fmt.Errorf("npm ci cannot reach its registry: %w: %w\n%s", ErrMissing, err, out)
	}
	if err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return nil
}
