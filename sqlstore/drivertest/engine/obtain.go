package engine

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
)

// obtain uses the server of the environment, or starts one.
func obtain(p *product, given []Option) (*Server, error) {
	if dsn := os.Getenv(p.variable); dsn != "" {
		s := &Server{product: p, external: dsn}
		if err := s.ping(); err != nil {
			return nil, fmt.Errorf("the server of %s does not answer: %w", p.variable, err)
		}
		return s, nil
	}
	s, err := prepare(p, given)
	if err != nil {
		return nil, p.wrap(err)
	}
	if err := s.Start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// prepare makes a server that has data but does not run.
func prepare(p *product, given []Option) (*Server, error) {
	s, err := allocate(p, given)
	if err != nil {
		return nil, err
	}
	if err := p.template.initialise(s); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// allocate makes a server that has a directory and a port, but no data.
func allocate(p *product, given []Option) (*Server, error) {
	binary, runs, err := p.locate()
	if err != nil {
		return nil, err
	}
	dir, err := newDirectory(runs)
	if err != nil {
		return nil, err
	}
	s := &Server{product: p, options: collect(given), binary: binary, account: runs, directory: dir, password: rand.Text()}
	if s.port, err = freePort(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}
