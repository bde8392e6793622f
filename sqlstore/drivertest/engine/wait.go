package engine

import (
	"bytes"
	"fmt"
	"os"
	"time"
)

// patience bounds every wait. It is long, as machines may be loaded.
const patience = 90 * time.Second

// pollInterval is how often a condition is tried while waiting.
const pollInterval = 15 * time.Millisecond

// poll tries until a try is done or patience ends. The error of a try that is
// not done says what is still missing; that of one that is done is poll's.
func poll(what string, try func() (done bool, err error)) error {
	deadline := time.Now().Add(patience)
	for {
		done, err := try()
		if done {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: not within %v (last try: %v)", what, patience, err)
		}
		time.Sleep(pollInterval)
	}
}

// tail returns the last lines of a log, for error messages.
func tail(path string) string {
	const lines = 25
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Sprintf("(no log: %v)", err)
	}
	all := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(bytes.Join(all[max(0, len(all)-lines):], []byte("\n")))
}
