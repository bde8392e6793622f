package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// An output is a file that appears when it is whole: it is written beside its place, and
// renamed. What cannot be replaced (a device, a pipe, a file in a folder that is not
// ours or that a container mounts alone) is written in place.
type output struct {
	name string      // as given
	path string      // where the name leads, if it is a symbolic link
	mode fs.FileMode // of the file that is replaced; 0 if there is none
	file *os.File    // what is written in place, nil otherwise
	adds bool        // to what the file has, which is not an earlier report
}

// prepareOutput finds out how the file can be written. It changes nothing.
func prepareOutput(name string) (*output, error) {
	o := &output{name: name}
	o.path, o.adds = followed(name)
	old, err := os.Stat(o.path)
	if err == nil {
		o.mode = old.Mode().Perm()
		o.adds = o.adds || !old.Mode().IsRegular()
	}
	if !o.adds {
		beside, err := o.createBeside()
		if err == nil {
			return o, errors.Join(beside.Close(), os.Remove(beside.Name()))
		}
		if old == nil {
			return nil, err
		}
	}
	return o, o.open()
}

func (o *output) open() (err error) {
	o.file, err = os.OpenFile(o.path, os.O_WRONLY|os.O_APPEND, 0)
	return err
}

// followed returns where symbolic links lead, and whether that is an open file of this
// process, such as /dev/stdout.
func followed(name string) (path string, ours bool) {
	for range 40 { // as Linux does
		if strings.HasPrefix(name, "/proc/") || strings.HasPrefix(name, "/dev/std") || strings.HasPrefix(name, "/dev/fd/") {
			return name, true
		}
		next, err := os.Readlink(name)
		if err != nil {
			break
		}
		if !filepath.IsAbs(next) {
			folder, _ := filepath.Split(name)
			next = folder + next
		}
		name = next
	}
	return name, false
}

// createBeside creates a file in the folder of the output, with the permissions that a
// new file gets there.
func (o *output) createBeside() (*os.File, error) {
	folder, _ := filepath.Split(o.path)
	f, err := os.OpenFile(fmt.Sprintf("%s.userconform-%d.tmp", folder, rand.Uint64()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		pathError.Path = o.path // which somebody knows
	}
	return f, err
}

// forget removes what an earlier run has written.
func (o *output) forget() error {
	if o.file == nil {
		err := os.Remove(o.path)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err := o.open(); err != nil { // it may be a mount point
			return err
		}
	}
	if o.adds {
		return nil
	}
	return o.file.Truncate(0)
}

// write writes the file. If that fails, none is left.
func (o *output) write(render func(io.Writer) error) error {
	if o.file != nil {
		return errors.Join(render(o.file), o.file.Close())
	}
	f, err := o.createBeside()
	if err != nil {
		return err
	}
	err = errors.Join(render(f), o.keepMode(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), o.path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// keepMode gives the file the permissions of the one that it replaces.
func (o *output) keepMode(f *os.File) error {
	if o.mode == 0 {
		return nil
	}
	return f.Chmod(o.mode)
}

// discard closes what is open.
func (o *output) discard() {
	if o.file != nil {
		_ = o.file.Close()
	}
}
