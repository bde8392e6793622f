package engine

import (
	"errors"
	"os"
	"syscall"
)

// claim takes the lock that our process holds as long as the file is open. It
// says false where another process has it.
func claim(file *os.File) (bool, error) {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// freeBytes returns how many bytes can be written to the file system of the directory,
// and 0 if that is unknown.
func freeBytes(dir string) int64 {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0
	}
	return int64(stat.Bavail) * int64(stat.Bsize) // an int32 on some
}
