package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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
// is left of it.
func replaceFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".userserver-export-*") // mode 0600
	if err != nil {
		return unwritable(err)
	}
	err = write(f)
	if err == nil {
		err = withoutName(f.Sync())
	}
	if failed := f.Close(); err == nil {
		err = withoutName(failed)
	}
	if err == nil {
		err = withoutName(os.Rename(f.Name(), name))
	}
	if err == nil {
		return nil
	}
	if left := os.Remove(f.Name()); left != nil {
		err = errors.Join(err, unwritable(left))
	}
	return err
}
