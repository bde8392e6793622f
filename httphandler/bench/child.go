package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// A server is a process that runs serveCommand.
type server struct {
	address string
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stdout  *bufio.Reader
}

func startServer(ctx context.Context, core int, args ...string) (*server, error) {
	cmd, err := child(ctx, append([]string{serveCommand}, args...))
	if err != nil {
		return nil, err
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := startOn(core, cmd); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, stdin: stdin, stdout: bufio.NewReader(stdout)}
	if s.address, err = s.line(); err != nil {
		return nil, fmt.Errorf("server: %w", errors.Join(err, s.stop()))
	}
	return s, nil
}

// processorTime asks the server how much processor time it has used.
func (s *server) processorTime() (time.Duration, error) {
	if _, err := io.WriteString(s.stdin, "\n"); err != nil {
		return 0, err
	}
	line, err := s.line()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(line, 10, 64)
	return time.Duration(n), err
}

func (s *server) line() (string, error) {
	line, err := s.stdout.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// stop ends the process and waits for it.
func (s *server) stop() error {
	if err := s.stdin.Close(); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// runLoad runs loadCommand and returns its result.
func runLoad(ctx context.Context, core int, address, request string, duration time.Duration) (done loadResult, err error) {
	cmd, err := child(ctx, []string{loadCommand, address, request, duration.String()})
	if err != nil {
		return done, err
	}
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	if err := startOn(core, cmd); err != nil {
		return done, err
	}
	if err := cmd.Wait(); err != nil {
		return done, fmt.Errorf("load: %w", err)
	}
	err = json.Unmarshal(stdout.Bytes(), &done)
	return done, err
}

// child returns a command that runs this program with other arguments.
func child(ctx context.Context, args []string) (*exec.Cmd, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stderr = os.Stderr
	return cmd, nil
}
