package engine

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// An account is the operating system's user that runs a server. Without drop it
// is the one that runs the tests.
type account struct {
	uid, gid int
	drop     bool
}

// accountFor returns the named user where the tests run as root, as whom servers
// refuse to run, and the user of the tests otherwise.
func accountFor(name string) (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	found, err := user.Lookup(name)
	if err != nil {
		return account{}, unavailable("there is no user %s to run the server as (we are root)", name)
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		return account{}, err
	}
	gid, err := strconv.Atoi(found.Gid)
	return account{uid: uid, gid: gid, drop: true}, err
}

// A program is what to run, as whom, in which directory, and which signal it gets
// when the tests die.
type program struct {
	argv        []string
	env         []string
	dir         string
	account     account
	deathSignal syscall.Signal
}

func (p program) command() *exec.Cmd {
	cmd := exec.Command(p.argv[0], p.argv[1:]...)
	cmd.Dir = p.dir
	// Nothing of ours may direct a server or its tools elsewhere (PGHOST, ...). A
	// MariaDB that starts removes the temporary tables of others in its TMPDIR.
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=" + p.dir, "TMPDIR=" + p.dir}, p.env...)
	cmd.SysProcAttr = attributes(p.account, p.deathSignal)
	return cmd
}

// run runs a program that ends by itself. The error shows what it printed.
func (p program) run() error {
	runtime.LockOSThread() // see start
	defer runtime.UnlockOSThread()
	output, err := p.command().CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", p.argv[0], err, output)
	}
	return nil
}

// A process is a running server.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended; exit is set before
	exit error
}

// start starts a server that appends what it prints to the log.
func (p program) start(log string) (*process, error) {
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	started := &process{cmd: p.command(), done: make(chan struct{})}
	started.cmd.Stdout, started.cmd.Stderr = output, output
	starting := make(chan error)
	go started.live(starting)
	if err := <-starting; err != nil {
		return nil, err
	}
	return started, nil
}

// live starts the process and waits until it ends. It keeps its OS thread as
// long: the kernel sends the death signal when the thread that started the
// process ends, and not when ours does.
func (p *process) live(starting chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	starting <- err
	if err != nil {
		return
	}
	p.exit = p.cmd.Wait()
	close(p.done)
}

func (p *process) hasEnded() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// end sends the signal and waits until the process has ended.
func (p *process) end(signal syscall.Signal) error {
	if err := p.cmd.Process.Signal(signal); err != nil && !p.hasEnded() {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
		return fmt.Errorf("it has not ended within %v after %v", patience, signal)
	}
}

// quit ends the process and its descendants; the signal must do that.
func (p *process) quit(signal syscall.Signal) error {
	if signal == syscall.SIGKILL {
		return p.kill()
	}
	return p.end(signal)
}
