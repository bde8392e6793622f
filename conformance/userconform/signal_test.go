package main

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/sample"
)

// programName is the name under which the test binary is the command.
const programName = "userconform"

// program returns the path of the command: a link to the test binary. The race detector
// would take memory that is not the command's, and so it is built anew beside that one.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", programName)
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, programName)
	if !sample.Partial {
		self, err := os.Executable()
		return name, errors.Join(err, os.Symlink(self, name))
	}
	out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return name, nil
})

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == programName {
		main()
	}
	debug.SetGCPercent(400)
	err := flag.Set("test.parallel", "16") // they wait for one another, and for timeouts
	if err != nil {
		panic(err)
	}
	status := m.Run()
	if name, err := program(); err == nil {
		os.RemoveAll(filepath.Dir(name))
	}
	os.Exit(status)
}

// child is the command, started.
type child struct {
	*exec.Cmd
	stdout, stderr buffer
}

// command returns a command with the tokens in its environment, that ends with the test.
func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	for name, value := range tokens {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

func start(t *testing.T, args ...string) *child {
	t.Helper()
	name, err := program()
	require.NoError(t, err)
	return startAs(t, command(t, name, args...))
}

func startAs(t *testing.T, cmd *exec.Cmd) *child {
	t.Helper()
	c := &child{Cmd: cmd}
	c.Stdout, c.Stderr = &c.stdout, &c.stderr
	require.NoError(t, c.Start())
	return c
}

// end waits for the end and returns the exit status: -1 for a signal.
func (c *child) end(t *testing.T) int {
	t.Helper()
	var exit *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode()
}

func TestExitStatuses(t *testing.T) {
	t.Parallel()
	right, _ := fake(t, nil)
	wrong, _ := fake(t, wrongType)
	for name, test := range map[string]struct {
		args []string
		want int
	}{
		"right":       {checkArgs(right, inDir(t.TempDir(), formats...)...), 0},
		"wrong":       {checkArgs(wrong), 1},
		"unreachable": {checkArgs(loopback), 2},
		"usage":       {[]string{"check"}, 2},
		"nothing":     {nil, 2},
		"help":        {[]string{"help"}, 0},
		"list":        {[]string{"list", "-json"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t, test.args...)
			if got := c.end(t); got != test.want {
				t.Errorf("exit status %d, want %d\n%s%s", got, test.want, c.stdout.String(), c.stderr.String())
			}
		})
	}
}

// stall is a server that closes reached at the n-th request, and answers nothing
// from then on until release is closed.
func stall(n int, reached, release chan struct{}) func(http.Handler) http.Handler {
	var mu sync.Mutex
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			bodyOf(r)
			mu.Lock()
			if n--; n == 0 {
				close(reached)
			}
			over := n <= 0
			mu.Unlock()
			if over {
				<-release
			}
			next.ServeHTTP(w, r)
		})
	}
}

func needSignals(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no signals here")
	}
}

func (c *child) interrupt(t *testing.T) {
	t.Helper()
	require.NoError(t, c.Process.Signal(os.Interrupt))
}

// Ctrl-C in the middle of a run restores the user, and writes the reports.
func TestInterruptRestores(t *testing.T) {
	t.Parallel()
	needSignals(t)
	dir := t.TempDir()
	reached, release := make(chan struct{}), make(chan struct{})
	url, server := fake(t, stall(45, reached, release))
	c := start(t, checkArgs(url, inDir(dir, formats...)...)...)
	<-reached
	before := len(server.Calls())
	c.interrupt(t)
	awaitText(t, &c.stderr, "stopping, and restoring the user")
	close(release)
	if got := c.end(t); got != 2 || !strings.Contains(c.stdout.String(), "INCONCLUSIVE: the run was stopped") {
		t.Errorf("exit status %d\n%s%s", got, c.stdout.String(), c.stderr.String())
	}
	if before < 40 || len(server.Calls()) <= before {
		t.Errorf("%d calls before and %d after: nothing was to restore", before, len(server.Calls()))
	}
	needExample(t, server)
	needReports(t, dir)
	r := readReport(t, filepath.Join(dir, "r.json"))
	if r.Verdict != conformance.Inconclusive || r.Summary.NotRun == 0 || r.Summary.Passed == 0 || len(r.NotRestored) > 0 {
		t.Errorf("report: %s %+v, not restored: %v", r.Verdict, r.Summary, r.NotRestored)
	}
}

// A run that is killed leaves no file at all.
func TestKilledLeavesNoReport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	reached, release := make(chan struct{}), make(chan struct{})
	url, _ := fake(t, stall(45, reached, release))
	t.Cleanup(func() { close(release) }) // before the server is closed
	c := start(t, checkArgs(url, inDir(dir, formats...)...)...)
	<-reached
	require.NoError(t, c.Process.Kill())
	c.end(t)
	if got := filesIn(t, dir); got != "" {
		t.Errorf("it left %s", got)
	}
}

// timeout(1) signals twice, the process and then its group: that is one signal.
func TestTimeoutRestores(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("timeout(1) may be absent")
	}
	timeout, err := exec.LookPath("timeout")
	require.NoError(t, err)
	name, err := program()
	require.NoError(t, err)
	reached, release := make(chan struct{}), make(chan struct{})
	url, server := fake(t, stall(45, reached, release))
	c := startAs(t, command(t, timeout, append([]string{"1000", name}, checkArgs(url)...)...))
	<-reached
	require.NoError(t, c.Process.Signal(syscall.SIGTERM)) // as if the time were over
	awaitText(t, &c.stderr, "stopping, and restoring the user")
	close(release)
	if got := c.end(t); got != 124 && got != 2 || !strings.Contains(c.stdout.String(), "INCONCLUSIVE: the run was stopped") {
		t.Errorf("exit status %d\n%s%s", got, c.stdout.String(), c.stderr.String())
	}
	needExample(t, server)
}

// A reader that goes away, such as head, does not keep the run from restoring.
func TestClosedOutputRestores(t *testing.T) {
	t.Parallel()
	needSignals(t)
	name, err := program()
	require.NoError(t, err)
	url, server := fake(t, wrongType)
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	defer writer.Close()
	dir := t.TempDir()
	cmd := command(t, name, checkArgs(url, inDir(dir, formats...)...)...)
	cmd.Stdout, cmd.Stderr = writer, writer
	err = cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != 1 {
		t.Errorf("exit status %d (%v), want that of a wrong server", got, err)
	}
	needReports(t, dir)
	needExample(t, server)
}

// A second Ctrl-C that comes later ends a restoration that hangs.
func TestSecondInterruptEndsAtOnce(t *testing.T) {
	t.Parallel()
	needSignals(t)
	// A shell lets what it starts in the background ignore the signal, and the command would
	// inherit that of the tests.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
	reached, release := make(chan struct{}), make(chan struct{})
	url, _ := fake(t, stall(45, reached, release))
	t.Cleanup(func() { close(release) }) // before the server is closed
	c := start(t, checkArgs(url)...)
	<-reached
	begin := time.Now()
	c.interrupt(t)
	awaitText(t, &c.stderr, "stopping, and restoring the user")
	ended := make(chan int, 1)
	go func() { ended <- c.end(t) }()
	for {
		select {
		case got := <-ended:
			if got != -1 || time.Since(begin) < sameSignal {
				t.Errorf("exit status %d after %s, want the signal, and not before %s", got, time.Since(begin), sameSignal)
			}
			return
		case <-time.After(100 * time.Millisecond):
			_ = c.Process.Signal(os.Interrupt) // it may have ended
		}
	}
}

func awaitText(t *testing.T, b *buffer, want string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if strings.Contains(b.String(), want) {
			return
		}
	}
	t.Fatalf("waited in vain for %q in %q", want, b.String())
}
