package main

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// checkTarget refuses what a file must not replace. "" is no file.
func checkTarget(name string) error {
	if name == "" {
		return nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return usagef("FILE cannot be written: %w", withoutName(err))
	case !info.Mode().IsRegular():
		return usagef("FILE is no file, but a directory or a device: omit it to write to the standard output")
	}
	return nil
}

// replaceFile lets write fill a file beside name that only the owner can read,
// and gives it the name when it is complete and on the disk. On an error nothing
// is left of it. What killed processes have left in the directory is removed.
func replaceFile(name string, logger *slog.Logger, write func(io.Writer) error) error {
	dir := filepath.Dir(name)
	f, err := createUnfinished(dir)
	if err != nil {
		return unwritable(err)
	}
	removeAbandoned(dir, logger)
	err = write(f)
	if err == nil {
		err = withoutName(finish(f, name))
	}
	if err == nil {
		return nil
	}
	f.Close() // whatever it says: what is in the file goes with it
	if left := os.Remove(f.Name()); left != nil && !errors.Is(left, fs.ErrNotExist) {
		err = errors.Join(err, unwritable(left))
	}
	return err
}

// unfinished begins the names of files that are being filled. Who fills one has
// it locked.
const unfinished = ".userserver-export-"

// createUnfinished creates a file with mode 0600 and locks it. Before the lock,
// another process may have taken it for an abandoned one.
func createUnfinished(dir string) (*os.File, error) {
	for {
		f, err := os.CreateTemp(dir, unfinished+"*")
		if err != nil {
			return nil, err
		}
		locked, err := tryLock(f)
		if _, gone := os.Lstat(f.Name()); gone == nil && (locked || err != nil) {
			return f, nil // where no file can be locked, none is taken for abandoned
		}
		f.Close()
	}
}

// finish brings the file to the disk and gives it the name. It is open, and so
// locked, until then, but for Windows, which renames no open file.
func finish(f *os.File, name string) error {
	if err := f.Sync(); err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		if err := f.Close(); err != nil {
			return err
		}
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	if err := f.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
		return err
	}
	return nil
}

// removeAbandoned removes the unfinished files of the directory that nobody has
// locked: they hold personal data. What it cannot do, it logs.
func removeAbandoned(dir string, logger *slog.Logger) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		logger.Warn("cannot look for the files of exports that were killed", "err", withoutName(err))
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !strings.HasPrefix(entry.Name(), unfinished) {
			continue
		}
		name := filepath.Join(dir, entry.Name())
		removed, err := removeUnlocked(name)
		switch {
		case errors.Is(err, fs.ErrNotExist): // its export has ended meanwhile
		case err != nil:
			logger.Warn("the file of an export that may have been killed cannot be removed: it holds users", "file", name, "err", withoutName(err))
		case removed:
			logger.Info("removed the file of an export that was killed", "file", name)
		}
	}
}

// removeUnlocked removes the file, unless somebody has locked it.
func removeUnlocked(name string) (removed bool, err error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if locked, err := tryLock(f); !locked {
		return false, err
	}
	return true, os.Remove(name)
}
