package engine

import (
	"bytes"
	"fmt"
	"os"
	"time"
)

// patience bounds every wait. It is long, as machines may be loaded.
const patience = 90 * time.Second

// A condition is tried after shortPause, and then less and less often: a try opens a
// connection, and what takes seconds need not be seen at once.
const shortPause, longPause = 5 * time.Millisecond, 50 * time.Millisecond

// poll tries until a try is done or patience ends. The error of a try that is
// not done says what is still missing; that of one that is done is poll's.
func poll(what string, try func() (done bool, err error)) error {
	deadline := time.Now().Add(patience)
	for pause := shortPause; ; pause = min(2*pause, longPause) {
		done, err := try()
		if done {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: not within %v (last try: %v)", what, patience, err)
		}
		time.Sleep(pause)
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
