package main

import (
	"bufio"
	"bytes"
	"context"
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
			return nil, err
		}
		if err := v.server.kill(); err != nil {
			return nil, err
		}
		stored, err := v.rival.read(ctx, s, v.database)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.rival.name, err)
		}
		patched, kept := v.load.compare(stored)
		if kept < patched && !v.rival.forgets {
			return nil, fmt.Errorf("%s lost acknowledged patches: %d of %d users have the last one", v.rival.name, kept, patched)
		}
		rows = append(rows, []string{v.rival.name, label(patched), label(kept)})
	}
	return rows, nil
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
