package engine

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"time"
)

const directoryPrefix = "userrecord-engine-"

// A directory holds all files of a server. As long as our process lives, it has
// the lock on the file named lock in it.
type directory struct {
	path string
	lock *os.File
}

// memoryDir is a file system in memory on Linux, where servers start in half the time.
// Files outlive a killed server there, too; enoughMemory is what all servers of a test
// run need together, with a good deal to spare.
const (
	memoryDir    = "/dev/shm"
	enoughMemory = 4 << 30
)

// parentDir is where the directories of servers are: TMPDIR, or in memory if there is
// enough. The path of a Unix socket in one must not be longer than 107 bytes.
func parentDir() string {
	dir := os.Getenv("TMPDIR")
	if dir == "" && freeBytes(memoryDir) >= enoughMemory {
		return memoryDir
	}
	if dir == "" || len(dir) > 60 {
		return "/tmp"
	}
	return dir
}

// TempDir returns the directory in which servers have theirs.
func TempDir() string { return parentDir() }

// newDirectory makes a directory that only the account (and root) can use.
func newDirectory(a account) (*directory, error) {
	parent := parentDir()
	for _, dir := range []string{memoryDir, parent} {
		if err := sweep(dir); err != nil {
			return nil, err
		}
	}
	path, err := os.MkdirTemp(parent, directoryPrefix)
	if err != nil {
		return nil, err
	}
	d := &directory{path: path}
	if err := d.prepare(a); err != nil {
		return nil, errors.Join(err, d.remove())
	}
	return d, nil
}

func (d *directory) prepare(a account) error {
	lock, err := os.OpenFile(d.file("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	d.lock = lock
	if _, err := claim(lock); err != nil {
		return err
	}
	return a.own(d.path)
}

// own gives a file or directory to the account.
func (a account) own(path string) error {
	if !a.drop {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

func (d *directory) file(name string) string { return filepath.Join(d.path, name) }

func (d *directory) remove() error {
	err := os.RemoveAll(d.path)
	if d.lock != nil {
		err = cmp.Or(err, d.lock.Close())
		d.lock = nil
	}
	return err
}

// sweep removes the directories that killed processes of ours left behind: those
// that have a lock which nobody holds.
func sweep(parent string) error {
	locks, err := filepath.Glob(filepath.Join(parent, directoryPrefix+"*", "lock"))
	if err != nil {
		return err
	}
	for _, path := range locks {
		if err := sweepOne(path); err != nil {
			return err
		}
	}
	return nil
}

func sweepOne(path string) error {
	info, err := os.Lstat(path)
	// A young lock may be one that is about to be taken.
	if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < time.Minute {
		return nil // gone by now, not ours, or too young
	}
	lock, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil // another user's, or gone by now
	}
	defer lock.Close()
	free, err := claim(lock)
	if err != nil || !free {
		return err
	}
	return os.RemoveAll(filepath.Dir(path))
}
