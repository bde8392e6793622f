package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// keptRows kills each server right after some more load, and counts the users that have
// what was acknowledged last. A rival that keeps patches must have lost none.
func (s *site) keptRows(ctx context.Context, cfg config, visits []*durableVisit) ([][]string, error) {
	rows := [][]string{{"server", "users patched", "kept the patch that was acknowledged last"}}
	for _, v := range visits {
		if _, err := v.load.run(slices.Max(cfg.durable.connections), cfg.time/2); err != nil {
			return nil, fmt.Errorf("%s: %w", v.rival.name, v.server.fail(err))
		}
		if err := v.server.kill(); err != nil {
			return nil, err
		}
		stored, err := v.rival.read(ctx, s, v.database)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.rival.name, err)
		}
		row, err := v.keptRow(stored)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.rival.name, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// keptRow compares what is stored with what was acknowledged. If nothing was, the row
// would prove nothing.
func (v *durableVisit) keptRow(stored map[string]string) ([]string, error) {
	patched, kept := v.load.compare(stored)
	switch {
	case patched == 0:
		return nil, errors.New("no user has a patch that was acknowledged last")
	case kept < patched && !v.rival.forgets:
		return nil, fmt.Errorf("it lost acknowledged patches: %d of %d users have the last one", kept, patched)
	}
	return []string{v.rival.name, label(patched), label(kept)}, nil
}

// compare returns how many users have been patched, and how many have the names that
// were acknowledged last. stored has the names by id.
func (l *patchLoad) compare(stored map[string]string) (patched, kept int) {
	for i, id := range l.users {
		if l.last[i] == "" {
			continue
		}
		patched++
		if stored[id.String()] == l.last[i] {
			kept++
		}
	}
	return patched, kept
}

// readRows returns the names by id from lines with tabs.
func readRows(out []byte) map[string]string {
	stored := make(map[string]string)
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		id, names, _ := strings.Cut(lines.Text(), "\t")
		stored[id] = names
	}
	return stored
}
