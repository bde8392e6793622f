package engine

import (
	"errors"
	"testing"
)

// Freeze stops all processes of the server, so that it accepts connections and
// never answers, as a machine that hangs. They go on when thaw is called, or when
// the test ends.
func (s *Server) Freeze(t testing.TB) (thaw func()) {
	t.Helper()
	s.RequireOwn(t)
	s.mu.Lock()
	p := s.process
	s.mu.Unlock()
	if p == nil {
		t.Fatal(s.product.wrap(errors.New("it does not run")))
	}
	resume, err := p.freezeAll()
	if err != nil {
		t.Fatal(s.product.wrap(err))
	}
	thaw = func() {
		if err := resume(); err != nil {
			t.Error(s.product.wrap(err))
		}
	}
	t.Cleanup(thaw)
	return thaw
}
