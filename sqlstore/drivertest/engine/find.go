package engine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// ErrUnavailable says that a server cannot be had here, as it is not installed.
// It is wrapped with what to install, or what to set.
var ErrUnavailable = errors.New("not available here")

func unavailable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnavailable, fmt.Sprintf(format, args...))
}

// binaryDirs is where Debian keeps servers that are not in the PATH of everybody,
// the newest PostgreSQL first.
func binaryDirs() []string {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		panic(err) // the pattern is malformed
	}
	slices.SortFunc(dirs, func(a, b string) int { return versionOf(b) - versionOf(a) })
	return append(dirs, "/usr/sbin")
}

// versionOf returns 15 for /usr/lib/postgresql/15/bin, and 0 for what is no
// number.
func versionOf(dir string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	if err != nil {
		return 0
	}
	return n
}

// findBinary returns the path of the first binary with the name, in PATH or one
// of Debian's directories, that has all the siblings beside it: another program
// may bear the name. The path is absolute and without symbolic links.
func findBinary(name string, siblings ...string) (string, bool) {
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), binaryDirs()...) {
		path, err := filepath.EvalSymlinks(filepath.Join(dir, name))
		if err != nil || !filepath.IsAbs(path) {
			continue
		}
		dir := filepath.Dir(path)
		complete := !slices.ContainsFunc(siblings, func(s string) bool {
			return !isExecutable(filepath.Join(dir, s))
		})
		if complete && isExecutable(path) {
			return path, true
		}
	}
	return "", false
}

func isExecutable(path string) bool {
	found, err := exec.LookPath(path)
	return err == nil && found == path
}
