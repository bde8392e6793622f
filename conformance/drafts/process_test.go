package drafts

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// supervised runs its arguments, and ends them when its standard input is closed: by
// the test, or because the test has died.
const supervised = `exec 3<&0
"$@" 3<&- &
server=$!
{ read -r _ <&3; kill "$server"; } >/dev/null 2>&1 &
wait "$server"`

// start starts the draft, waits until it listens, and returns its URL. The draft ends
// with the test.
func (d draft) start(t *testing.T) string {
	t.Helper()
	d.touch(t)
	address, port := freePort(t)
	command := d.prepare(exec.Command("/bin/sh", append([]string{"-c", supervised, "sh"}, d.command...)...))
	command.Env = append(command.Env, "PORT="+port, "TMPDIR="+t.TempDir())
	output := new(bytes.Buffer)
	command.Stdout, command.Stderr, command.WaitDelay = output, output, time.Second
	stdin, err := command.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	ended := make(chan struct{})
	go func() {
		command.Wait()
		close(ended)
	}()
	stop := func() {
		stdin.Close()
		<-ended
	}
	t.Cleanup(stop)
	if !awaited(address, ended) {
		stop()
		t.Fatalf("the draft does not listen; it printed:\n%s", output)
	}
	return "http://" + address
}

// awaited waits until somebody listens on the address, for two minutes at most (a
// compiler may run first), and reports whether somebody does.
func awaited(address string, ended <-chan struct{}) bool {
	limit := time.After(2 * time.Minute)
	for {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return true
		}
		select {
		case <-ended:
			return false
		case <-limit:
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// prepare lets a command of the draft run in its folder, and alike on every machine.
func (d draft) prepare(command *exec.Cmd) *exec.Cmd {
	command.Dir = d.folder
	command.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C.UTF-8")
	return command
}

// touch reads what the draft is made of, so that go test does not use cached results
// after a change.
func (d draft) touch(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(d.folder, "*"))
	require.NoError(t, err)
	for _, file := range append(files, "users.json") {
		_, err := os.ReadFile(file)
		require.NoError(t, err)
	}
}

func freePort(t *testing.T) (address, port string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	address = listener.Addr().String()
	_, port, err = net.SplitHostPort(address)
	require.NoError(t, err)
	return address, port
}
