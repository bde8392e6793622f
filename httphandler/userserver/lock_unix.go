//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks the file until it is closed or the process ends. It returns false if
// somebody else has locked it, and an error if the file cannot be locked at all.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
