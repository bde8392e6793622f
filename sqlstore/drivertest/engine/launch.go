package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// launch runs the server's binary and waits for an answer.
func (s *Server) launch(arguments []string) error {
	started, err := s.program(s.commandLine(arguments)...).start(s.log())
	if err != nil {
		return err
	}
	err = poll("start", func() (bool, error) {
		if started.hasEnded() {
			return true, fmt.Errorf("ended while starting: %v", started.exit)
		}
		err := s.ping()
		return err == nil, err
	})
	if err != nil {
		return errors.Join(fmt.Errorf("%w\n%s", err, tail(s.log())), started.kill())
	}
	s.process, s.known = started, true
	return nil
}

func (s *Server) commandLine(arguments []string) []string {
	argv := append([]string{s.binary}, s.product.arguments(s)...)
	for _, setting := range slices.Concat(s.product.settings(s), s.options.settings) {
		argv = append(argv, s.product.flag(setting)...)
	}
	return append(argv, arguments...)
}

// portIsTaken says whether the last start failed as somebody else has the port.
func (s *Server) portIsTaken() bool {
	return strings.Contains(tail(s.log()), "Address already in use")
}

func (s *Server) program(argv ...string) program {
	return program{argv: argv, dir: s.directory.path, account: s.account, deathSignal: s.product.quit}
}

// tool runs a program of the product to its end.
func (s *Server) tool(argv ...string) error { return s.program(argv...).run() }

func (s *Server) data() string { return s.directory.file("data") }
func (s *Server) log() string  { return s.directory.file("log") }

// writeFile writes a file that the server's account, and nobody else, can read.
func (s *Server) writeFile(path, text string) error {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	return s.account.own(path)
}

// ping says whether the server answers a query now.
func (s *Server) ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return s.exec(ctx, "select 1")
}

// exec runs a statement on a connection of its own.
func (s *Server) exec(ctx context.Context, statement string, args ...any) error {
	db, err := s.product.open(s.DSN())
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement, args...)
	return err
}

// freeTakenPort takes another port; once clients know the port it can only wait
// for it.
func (s *Server) freeTakenPort() error {
	if s.known {
		time.Sleep(time.Second)
		return nil
	}
	var err error
	s.port, err = freePort()
	return err
}
