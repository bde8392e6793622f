package drivertest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A child is a process that patches.
type child struct {
	cmd     *exec.Cmd
	stdin   io.Writer
	patched chan struct{} // closed at the first patch
	stopped chan struct{} // one for each stop
	read    chan struct{} // closed when all that it said is read

	mu      sync.Mutex
	acked   counts
	patches int
	trouble []string
}

// childPatience is for how long a child may keep silent.
const childPatience = 60 * time.Second

func start(t *testing.T, what crashing) *child {
	t.Helper()
	c := &child{patched: make(chan struct{}), stopped: make(chan struct{}, 1), read: make(chan struct{})}
	c.cmd = exec.Command(os.Args[0])
	c.cmd.Env = append(os.Environ(), crashEnv+"="+what.String())
	c.cmd.Stderr = os.Stderr
	stdout, err := c.cmd.StdoutPipe()
	require.NoError(t, err)
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	require.NoError(t, c.cmd.Start())
	go c.listen(stdout)
	return c
}

// listen reads what the child says. A line that was cut off says nothing.
func (c *child) listen(stdout io.Reader) {
	defer close(c.read)
	for in := bufio.NewReader(stdout); ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		c.hear(strings.TrimSpace(line))
	}
}

func (c *child) hear(line string) {
	if line == stopped {
		c.stopped <- struct{}{}
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var writer, n int
	numbers, first := strings.CutPrefix(line, begins)
	if _, err := fmt.Sscan(numbers, &writer, &n); err != nil || writer < 0 || writer >= writers {
		c.trouble = append(c.trouble, "the child says: "+line)
		return
	}
	c.acked[writer] = n
	if first {
		return
	}
	c.patches++
	if c.patches == 1 {
		close(c.patched)
	}
}

// take returns what was heard since the last time; the numbers are the last
// ones.
func (c *child) take() (acked counts, patches int, trouble []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	acked, patches, trouble = c.acked, c.patches, c.trouble
	c.patches, c.trouble = 0, nil
	return acked, patches, trouble
}

// kill sends SIGKILL, and returns when all that the child said is read.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may be dead
	<-c.read
	_ = c.cmd.Wait() // it was killed
}

// stop makes the child stop, and returns when it has.
func (c *child) stop(t *testing.T) {
	t.Helper()
	c.tell(t)
	c.await(t, c.stopped, "stop")
}

// proceed makes the child go on after a stop.
func (c *child) proceed(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	c.patched, c.patches = make(chan struct{}), 0
	c.mu.Unlock()
	c.tell(t)
	c.awaitPatch(t)
}

func (c *child) awaitPatch(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	patched := c.patched
	c.mu.Unlock()
	c.await(t, patched, "patch")
}

func (c *child) tell(t *testing.T) {
	t.Helper()
	_, err := fmt.Fprintln(c.stdin)
	require.NoError(t, err, "the child is gone")
}

func (c *child) await(t *testing.T, event <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-event:
	case <-c.read:
		_, _, trouble := c.take()
		t.Fatalf("the child did not %s, it is gone: %q", what, trouble)
	case <-time.After(childPatience):
		t.Fatalf("the child did not %s", what)
	}
}
