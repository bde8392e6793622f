package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A process is a server that runs.
type process struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	first  string // the first line that it printed
	stderr *tail  // complete when it has ended
	ended  chan struct{}
	exit   error // how it ended
	done   bool
}

// startProcess starts a process and waits for the first line of its output. What it wrote
// to stderr is in the error if there is no such line.
func startProcess(cmd *exec.Cmd) (*process, error) {
	stderr := new(tail)
	cmd.Stderr = stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, stdin: stdin, stderr: stderr, ended: make(chan struct{})}
	reader := bufio.NewReader(stdout)
	if p.first, err = reader.ReadString('\n'); err != nil {
		_ = cmd.Process.Kill() // it has ended, or nearly so
		return nil, fmt.Errorf("%s ended before it served: %w\n%s", cmd.Path, cmp.Or(cmd.Wait(), err), stderr)
	}
	p.first = strings.TrimSuffix(p.first, "\n")
	go func() {
		_, _ = io.Copy(io.Discard, reader) // until it ends
		p.exit = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// kill ends the process with SIGKILL, unless it has ended already.
func (p *process) kill() error {
	if p.done {
		return nil
	}
	p.done = true
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-p.ended
	return nil
}

// fail kills the process after an error of its client. It adds how the process ended, and
// what it wrote to stderr: it may have crashed.
func (p *process) fail(err error) error {
	if killed := p.kill(); killed != nil {
		return errors.Join(err, killed)
	}
	return fmt.Errorf("%w\n%s: %s\n%s", err, p.cmd.Path, p.cmd.ProcessState, p.stderr)
}

// end closes the input of the process, and waits for its end.
func (p *process) end() error {
	if err := p.stdin.Close(); err != nil {
		return err
	}
	<-p.ended
	return p.exit
}

// runProgram runs a program to its end and returns its output.
func runProgram(cmd *exec.Cmd) ([]byte, error) {
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args[:min(len(cmd.Args), 3)], " "), err, stderr.String())
	}
	return out, nil
}

// microsecondsOf measures a call.
func microsecondsOf(do func() error) (float64, error) {
	begin := time.Now()
	err := do()
	return float64(time.Since(begin)) / float64(time.Microsecond), err
}

// program returns a command with more environment.
func program(ctx context.Context, environment []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), environment...)
	return cmd
}
