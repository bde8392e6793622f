package engine

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// A Server is a database server, started by this package or named by the
// environment. Its methods may be called by several goroutines.
type Server struct {
	product  *product
	external string // DSN of a server that is not ours
	options  options

	binary    string
	account   account
	directory *directory
	password  string
	port      int

	mu      sync.Mutex
	process *process // nil while it is stopped
	known   bool     // clients may know the port
	admin   *sql.DB  // nil until it is needed
}

// ErrNotOurs is returned where a server from the environment would have to be
// stopped or started.
var ErrNotOurs = errors.New("the server is one from the environment and cannot be stopped or started")

// DSN returns the data source name of the server for its driver, pgx or
// go-sql-driver/mysql, with a user that may do everything.
func (s *Server) DSN() string {
	if s.external != "" {
		return s.external
	}
	return s.product.dsn(s)
}

// Product returns "PostgreSQL", "MariaDB" or "MySQL".
func (s *Server) Product() string { return s.product.name }

// Driver returns the name of the driver for [database/sql.Open].
func (s *Server) Driver() string { return s.product.driver }

// External says whether the server is one from the environment, which can be
// neither stopped nor killed.
func (s *Server) External() bool { return s.external != "" }

// Start starts the server on the data and the port that it had, and returns when
// it answers. It does nothing where the server runs.
func (s *Server) Start() error { return s.startWith() }

// startWith starts the server with further arguments, for this time only.
func (s *Server) startWith(arguments ...string) error {
	return s.exclusively(func() error {
		if s.process != nil && !s.process.hasEnded() {
			return nil
		}
		err := s.launch(arguments)
		for tries := 0; err != nil && tries < 5 && s.portIsTaken(); tries++ {
			if err = s.freeTakenPort(); err == nil {
				err = s.launch(arguments)
			}
		}
		return err
	})
}

// Stop stops the server cleanly: what it does at a planned restart. It does
// nothing where the server does not run.
func (s *Server) Stop() error {
	return s.exclusively(func() error {
		return s.finish(func(p *process) error { return p.end(s.product.stop) })
	})
}

// Kill ends all processes of the server at once with SIGKILL, as a crash does,
// and returns when the last one is gone. It does nothing where the server does
// not run.
func (s *Server) Kill() error {
	return s.exclusively(func() error {
		return s.finish((*process).kill)
	})
}

// Restart is Stop, then Start.
func (s *Server) Restart() error {
	if err := s.Stop(); err != nil {
		return err
	}
	return s.Start()
}

// Close ends the server and removes its files. The error says so where the
// server had ended by itself. A server from the environment goes on.
func (s *Server) Close() error {
	if s.External() {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.endAdministration()
	}
	return s.exclusively(func() error {
		crashed := s.crashLocked()
		err := s.finish(func(p *process) error { return p.quit(s.product.quit) })
		return errors.Join(crashed, err, s.cleanUp())
	})
}

// crash returns an error where the server ended without being told to.
func (s *Server) crash() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.crashLocked()
}

func (s *Server) crashLocked() error {
	if s.process == nil || !s.process.hasEnded() {
		return nil
	}
	return fmt.Errorf("it had ended by itself: %v\n%s", s.process.exit, tail(s.log()))
}

// stopped says whether the server was never started, or was stopped or killed.
func (s *Server) stopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process == nil
}

func (s *Server) cleanUp() error {
	var err error
	if s.product.cleanUp != nil {
		err = s.product.cleanUp(s)
	}
	return errors.Join(err, s.directory.remove())
}

// exclusively runs one change of the server's state at a time.
func (s *Server) exclusively(change func() error) error {
	if s.External() {
		return s.product.wrap(ErrNotOurs)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.product.wrap(change())
}

func (s *Server) finish(end func(*process) error) error {
	if s.process == nil {
		return nil
	}
	if err := end(s.process); err != nil {
		return fmt.Errorf("%w\n%s", err, tail(s.log()))
	}
	s.process = nil
	return s.endAdministration()
}
