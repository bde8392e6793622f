package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A site is a directory with the databases and what the servers need.
type site struct {
	dir   string
	users []uuid.UUID
	lines string // the file with the users as JSON lines
	build []string
	built map[string]string // the programs, by name
	url   string            // of the PostgreSQL server
}

func newSite(scope durableScope) (*site, error) {
	dir, err := os.MkdirTemp(scope.dir, "bench-durable-")
	if err != nil {
		return nil, err
	}
	s := &site{dir: dir, lines: filepath.Join(dir, "users.jsonl"), build: scope.build, built: make(map[string]string)}
	if err := s.writeUsers(scope.users); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

func (s *site) remove() error { return os.RemoveAll(s.dir) }

// writeUsers writes the users in the form of userserver import.
func (s *site) writeUsers(n int) (err error) {
	file, err := os.Create(s.lines)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	encoder := json.NewEncoder(file)
	return newUsers(n, func(u userstore.User) error {
		s.users = append(s.users, u.ID)
		return encoder.Encode(u)
	})
}

const modulePath = "github.com/userrecord/userrecord/httphandler/"

// program returns the file of a program of this repository. It builds it when it is
// first asked for.
func (s *site) program(ctx context.Context, name string, environment []string, importPath string, flags ...string) (string, error) {
	if file, ok := s.built[name]; ok {
		return file, nil
	}
	file := filepath.Join(s.dir, name)
	args := slices.Concat([]string{"build", "-o", file}, s.build, flags, []string{modulePath + importPath})
	if _, err := runProgram(program(ctx, environment, "go", args...)); err != nil {
		return "", err
	}
	s.built[name] = file
	return file, nil
}

// peers returns the program of the peers, with SQLite in Go.
func (s *site) peers(ctx context.Context) (string, error) {
	return s.program(ctx, "peers", nil, "bench/peers")
}

// startPostgreSQL starts the server of all rivals.
func (s *site) startPostgreSQL(ctx context.Context) (*process, error) {
	peers, err := s.peers(ctx)
	if err != nil {
		return nil, err
	}
	// Its files are beside ours, on the same disk. It must not be below our directory,
	// because another account runs it.
	engine, err := startProcess(program(ctx, []string{"TMPDIR=" + filepath.Dir(s.dir)}, peers, "postgresql"))
	if err != nil {
		return nil, err
	}
	s.url = engine.first
	return engine, nil
}

// newDatabase returns the file or URL of an empty database.
func (s *site) newDatabase(ctx context.Context, database, name string) (string, error) {
	if database == onSQLite {
		return filepath.Join(s.dir, name), nil
	}
	peers, err := s.peers(ctx)
	if err != nil {
		return "", err
	}
	url := strings.Replace(s.url, "/postgres?", "/"+name+"?", 1)
	_, err = runProgram(program(ctx, nil, peers, "create", url))
	return url, err
}

// startAll starts the rivals of the database. It says which cannot be measured.
func (s *site) startAll(ctx context.Context, scope durableScope, database string, stdout io.Writer) (visits []*durableVisit, err error) {
	for i, r := range rivals[database] {
		if scope.only != nil && !slices.Contains(scope.only, r.name) {
			continue
		}
		v, err := s.startRival(ctx, r, database, fmt.Sprintf("rival%d", i))
		var missing missingError
		switch {
		case errors.As(err, &missing):
			fmt.Fprintf(stdout, "\n**NOT MEASURED: %s: %v**\n", r.name, missing)
			continue
		case err != nil:
			return visits, fmt.Errorf("%s: %w", r.name, err)
		}
		v.figures = make([]durableFigures, len(scope.connections))
		visits = append(visits, v)
	}
	return visits, nil
}

func (s *site) startRival(ctx context.Context, r rival, database, name string) (*durableVisit, error) {
	source, err := s.newDatabase(ctx, database, name)
	if err != nil {
		return nil, err
	}
	server, err := r.start(ctx, s, source)
	if err != nil {
		return nil, err
	}
	address, ok := strings.CutPrefix(server.first, "Listening on ")
	if !ok {
		return nil, server.fail(errors.New("it printed no address"))
	}
	load := &patchLoad{address: address, form: r.form, users: s.users, last: make([]string, len(s.users))}
	return &durableVisit{rival: r, database: source, server: server, load: load}, nil
}

// A missingError means that a rival cannot be had on this machine.
type missingError struct{ error }
