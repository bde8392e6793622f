package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A child is the program in its own process.
type child struct {
	command        *exec.Cmd
	stdout, stderr *buffer
	addr           string
	exited         chan error
}

// programName is the name under which the test binary is the program.
const programName = "userserver"

// itself returns the path of the program: a link to the test binary, as a build would
// cost more than most tests. The race detector would make imports take minutes, and so the
// program is built beside that one, without tables for debuggers.
var itself = sync.OnceValues(func() (program string, err error) {
	if programDir, err = os.MkdirTemp("", "userserver-test-"); err != nil {
		return "", err
	}
	program = filepath.Join(programDir, programName)
	if !detectsRaces() {
		self, err := os.Executable()
		return program, errors.Join(err, os.Symlink(self, program))
	}
	if out, err := exec.Command("go", "build", "-ldflags=-w", "-o", program, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return program, nil
})

var programDir string

func detectsRaces() bool {
	info, _ := debug.ReadBuildInfo()
	return slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" })
}

// TestMain lets eight tests run at the same time, on any number of cores: they wait
// for processes and disks. A flag on the command line counts more.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == programName {
		main()
	}
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	status := m.Run()
	if err := os.RemoveAll(programDir); programDir != "" && err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// newChild starts the program with args.
func newChild(t *testing.T, stdin io.Reader, args ...string) *child {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no SIGTERM here")
	}
	program, err := itself()
	require.NoError(t, err)
	command := exec.Command(program, args...)
	command.Stdin = stdin
	return startCommand(t, command)
}

// startCommand starts a command that is, or becomes, the program.
func startCommand(t *testing.T, command *exec.Cmd) *child {
	t.Helper()
	c := &child{command: command, stdout: new(buffer), stderr: new(buffer), exited: make(chan error, 1)}
	c.command.Stdout, c.command.Stderr = c.stdout, c.stderr
	c.command.Env = []string{} // without the tokens of whoever runs the tests
	require.NoError(t, c.command.Start())
	t.Cleanup(func() { c.command.Process.Kill() })
	go func() { c.exited <- c.command.Wait() }()
	return c
}

func startChild(t *testing.T) *child {
	t.Helper()
	c := newChild(t, nil, "-addr", "127.0.0.1:0", "-db", dbMemory)
	c.addr = strings.TrimPrefix(c.stdout.await(t, basePattern)[1], "http://")
	return c
}

func (c *child) signal(t *testing.T, s os.Signal) {
	t.Helper()
	require.NoError(t, c.command.Process.Signal(s))
}

func (c *child) wait(t *testing.T) error {
	t.Helper()
	return c.waitFor(t, shutdownTimeout/2) // so it was not ended by the timeout
}

func (c *child) waitFor(t *testing.T, patience time.Duration) error {
	t.Helper()
	select {
	case err := <-c.exited:
		return err
	case <-time.After(patience):
		t.Fatalf("it does not end; stderr:\n%s", c.stderr)
		return nil
	}
}

const inFlightBody = `{"data":{"type":"User","id":"` + exampleID + `","attributes":{"firstName":"Late"}}}`

// inFlight sends a request without its body and returns once the handler waits for the
// body.
func (c *child) inFlight(t *testing.T) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", c.addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "PATCH /users/%s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/vnd.api+json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		exampleID, demoToken, len(inFlightBody))
	in := bufio.NewReader(conn)
	for _, want := range []string{"HTTP/1.1 100 Continue\r\n", "\r\n"} {
		if line, err := in.ReadString('\n'); err != nil || line != want {
			t.Fatalf("read %q, %v; want %q", line, err, want)
		}
	}
	return conn, in
}

func TestSignalLetsRequestInFlightFinish(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(signal.String(), func(t *testing.T) {
			c := startChild(t)
			conn, in := c.inFlight(t)
			c.signal(t, signal)
			c.stderr.await(t, "shutting down")
			awaitRefusal(t, c.addr)
			fmt.Fprint(conn, inFlightBody)
			response, err := http.ReadResponse(in, &http.Request{Method: http.MethodPatch})
			require.NoError(t, err)
			defer response.Body.Close()
			if got := readAnswer(t, response); got.status != 200 || !strings.Contains(got.body, `"Late"`) {
				t.Errorf("answer = %d %s, want 200 with the change", got.status, got.body)
			}
			if err := c.wait(t); err != nil {
				t.Errorf("it ended with %v, want exit status 0; stderr:\n%s", err, c.stderr)
			}
		})
	}
}

// awaitRefusal waits until nothing listens on addr.
func awaitRefusal(t *testing.T, addr string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		conn, err := net.Dial("tcp", addr)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err == nil {
			conn.Close()
		}
	}
	t.Error("new connections are still accepted")
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	c := startChild(t)
	c.inFlight(t)
	c.signal(t, syscall.SIGTERM)
	c.stderr.await(t, "shutting down")
	c.signal(t, syscall.SIGTERM)
	var exit *exec.ExitError
	if err := c.wait(t); !errors.As(err, &exit) || exit.ExitCode() != -1 {
		t.Errorf("it ended with %v, want the signal", err)
	}
}
