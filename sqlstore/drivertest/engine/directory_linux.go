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
