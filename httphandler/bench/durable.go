package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// durableScope is what -durable measures.
type durableScope struct {
	databases   []string // keys of rivals
	connections []int
	users       int
	dir         string   // where the databases are
	only        []string // names of rivals; nil stands for all
	build       []string // more arguments of go build
}

// The databases.
const (
	onSQLite     = "SQLite"
	onPostgreSQL = "PostgreSQL"
)

var fullScope = durableScope{
	databases:   []string{onSQLite, onPostgreSQL},
	connections: []int{1, 16, 64},
	users:       1000,
}

// compareDurably measures userserver, and what people would write instead, as processes
// that keep each patch in a database before they answer. Servers, databases and load
// share all cores.
func compareDurably(ctx context.Context, cfg config, stdout io.Writer) (err error) {
	s, err := newSite(cfg.durable)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	took, err := syncTime(s.dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s: a write of 4 KiB and fsync take %s µs (an fsync in memory takes less than 10)\n", cfg.durable.dir, digits(median(took)))
	for _, database := range cfg.durable.databases {
		if err := compareOn(ctx, cfg, s, database, stdout); err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
	}
	return nil
}

// syncTime measures a write and fsync, in microseconds.
func syncTime(dir string) (took []float64, err error) {
	file, err := os.Create(filepath.Join(dir, "sync"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	page := make([]byte, 4096)
	for range 200 {
		micros, err := microsecondsOf(func() error {
			if _, err := file.WriteAt(page, 0); err != nil {
				return err
			}
			return file.Sync()
		})
		if err != nil {
			return nil, err
		}
		took = append(took, micros)
	}
	return took, nil
}

// compareOn measures the rivals of a database in turn, kills them, and reads what they
// have kept.
func compareOn(ctx context.Context, cfg config, s *site, database string, stdout io.Writer) (err error) {
	var engine *process
	if database == onPostgreSQL {
		if engine, err = s.startPostgreSQL(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, engine.end()) }()
	}
	visits, err := s.startAll(ctx, cfg.durable, database, stdout)
	defer func() { err = errors.Join(err, killAll(visits)) }()
	if err != nil {
		return err
	}
	if err := measureDurably(ctx, cfg, visits, engine); err != nil {
		return err
	}
	for i, n := range cfg.durable.connections {
		if err := writeTable(stdout, durableTitle(database, n), durableRows(visits, i, engine != nil)); err != nil {
			return err
		}
	}
	rows, err := s.keptRows(ctx, cfg, visits)
	if err != nil {
		return err
	}
	return writeTable(stdout, database+", read back after kill -9 of the servers:", rows)
}

// measureDurably warms up, and then runs the rounds.
func measureDurably(ctx context.Context, cfg config, visits []*durableVisit, engine *process) error {
	for _, v := range visits {
		if _, err := v.load.run(slices.Max(cfg.durable.connections), cfg.time/2); err != nil {
			return fmt.Errorf("%s: %w", v.rival.name, v.server.fail(err))
		}
	}
	for range cfg.rounds {
		for i, n := range cfg.durable.connections {
			for _, v := range visits {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := v.round(i, n, cfg.time, engine); err != nil {
					return fmt.Errorf("%s, %d connections: %w", v.rival.name, n, v.server.fail(err))
				}
			}
		}
	}
	return nil
}
