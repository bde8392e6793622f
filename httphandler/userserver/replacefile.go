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

// checkTarget checks that an export may create or replace the file. "" is no file.
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
		return usagef("FILE is a directory or a device, not a file: omit it to write to the standard output")
	}
	return nil
}

// replaceFile calls write with a new file in the same directory that only its owner
// can read, and renames it to name when it is complete and on the disk. On an error it
// is removed. Files that killed exports left in the directory are removed too.
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
	_ = f.Close() // its error does not matter: the file is removed
	if left := os.Remove(f.Name()); left != nil && !errors.Is(left, fs.ErrNotExist) {
		err = errors.Join(err, unwritable(left))
	}
	return err
}

// unfinished is the prefix of the names of unfinished files. The process that writes
// one has it locked.
const unfinished = ".userserver-export-"

// createUnfinished creates a file with mode 0600 and locks it. It tries again if
// another process took the file for abandoned before it was locked.
func createUnfinished(dir string) (*os.File, error) {
	for {
		f, err := os.CreateTemp(dir, unfinished+"*")
		if err != nil {
			return nil, err
		}
		locked, err := tryLock(f)
		if _, gone := os.Lstat(f.Name()); gone == nil && (locked || err != nil) {
			return f, nil // if files cannot be locked, none counts as abandoned
		}
		_ = f.Close() // it is gone, or locked by somebody else
	}
}

// finish writes the file to the disk and renames it. Until then it stays open and so
// locked, except on Windows, which cannot rename an open file.
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

// removeAbandoned removes the unfinished files in the directory that nobody has
// locked, because they contain personal data. It logs what it cannot do.
func removeAbandoned(dir string, logger *slog.Logger) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		logger.Warn("cannot look for files of killed exports", "err", withoutName(err))
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !strings.HasPrefix(entry.Name(), unfinished) {
			continue
		}
		name := filepath.Join(dir, entry.Name())
		removed, err := removeUnlocked(name)
		switch {
		case errors.Is(err, fs.ErrNotExist): // its export has just finished
		case err != nil:
			logger.Warn("cannot remove the file of an export that may have been killed: it contains users", "file", name, "err", withoutName(err))
		case removed:
			logger.Info("removed the file of a killed export", "file", name)
		}
	}
}

// removeUnlocked removes the file unless somebody has locked it.
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
