package engine

import (
	"errors"
	"os"
	"sync"
	"testing"
)

// PostgreSQL is [StartPostgreSQL] for one test: the server is closed when the
// test ends. Where PostgreSQL is not installed the test is skipped, and fails if
// CI=true is in the environment.
func PostgreSQL(t testing.TB, options ...Option) *Server {
	t.Helper()
	return forTest(t, StartPostgreSQL, options)
}

// MariaDB is [StartMariaDB] for one test, as [PostgreSQL].
func MariaDB(t testing.TB, options ...Option) *Server {
	t.Helper()
	return forTest(t, StartMariaDB, options)
}

func forTest(t testing.TB, start func(...Option) (*Server, error), options []Option) *Server {
	t.Helper()
	s, err := start(options...)
	Require(t, err)
	closeAfter(t, s.Close)
	return s
}

func closeAfter(t testing.TB, close func() error) {
	t.Cleanup(func() {
		if err := close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
}

// Require ends the test where err, of a function of this package, is not nil. If
// it wraps [ErrUnavailable], the test is skipped, and says what is not tested;
// but with CI=true in the environment it fails.
func Require(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, ErrUnavailable) && os.Getenv("CI") != "true":
		t.Skipf("SKIPPED: this is NOT TESTED (with CI=true it would fail): %v", err)
	default:
		t.Fatal(err)
	}
}

// RequireOwn skips the test where the server is one from the environment, which
// cannot be killed; with CI=true in the environment the test fails.
func (s *Server) RequireOwn(t testing.TB) {
	t.Helper()
	if s.External() {
		Require(t, unavailable("%s names a server that cannot be killed", s.product.variable))
	}
}

// A Shared server serves all tests of a package. It is started when the first
// one asks for it.
type Shared struct {
	start   func(...Option) (*Server, error)
	options []Option
	once    sync.Once
	server  *Server
	err     error
}

// Share returns a server that is started later, such as
//
//	var postgreSQL = engine.Share(engine.StartPostgreSQL, engine.Fast)
//
// Its Close belongs after m.Run in the package's TestMain.
func Share(start func(...Option) (*Server, error), options ...Option) *Shared {
	return &Shared{start: start, options: options}
}

// Server returns the server, or skips or fails the test as [Require] does.
func (s *Shared) Server(t testing.TB) *Server {
	t.Helper()
	s.once.Do(func() { s.server, s.err = s.start(s.options...) })
	Require(t, s.err)
	return s.server
}

// Close closes the server if it was started.
func (s *Shared) Close() error {
	if s.server == nil {
		return nil
	}
	return s.server.Close()
}
