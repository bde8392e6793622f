package engine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// removeSharedMemory removes the System V segment of a few bytes by which a
// PostgreSQL server keeps a second one off its data. A killed server leaves it
// behind for the next start to remove; it stands in the lock file as
// "key id", on line 7.
func removeSharedMemory(data string) error {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if os.IsNotExist(err) {
		return nil // it ended well, or never started
	}
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 7 || len(strings.Fields(lines[6])) != 2 {
		return nil // killed before it had one
	}
	id := strings.Fields(lines[6])[1]
	if output, err := exec.Command("ipcrm", "-m", id).CombinedOutput(); err != nil {
		return fmt.Errorf("ipcrm -m %s: %w: %s", id, err, output)
	}
	return nil
}
