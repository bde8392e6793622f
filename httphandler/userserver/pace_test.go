package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// A server beside the import serves patches all the time.
func TestImportGivesWay(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	s := startServer(t, nil, "-db", name)
	c := startImport(t, name)
	awaitUsers(t, name, 2*batchSize)
	for i := range 4 {
		patch(t, s.base, exampleID, demoToken, fmt.Sprintf(`{"firstName":"Jane %d"}`, i)).expect(t, 200, "")
	}
	require.NoError(t, c.command.Process.Kill())
	c.wait(t)
}

// Batches that cannot be imported at once keep nobody waiting for all of them.
func TestImportGivesWayAfterEachBatch(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	importLines(t, name, userLine(1500)).expect(t, exitOK, "imported 1 user in ")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	db, err := openSQL(ctx, sqliteFile(name), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer db.close()
	i := &importer{to: db, existing: existingModes["skip"], pace: pace{gap: time.Hour}}
	imported := make(chan error)
	go func() {
		imported <- i.importBatches(ctx, slices.Collect(eachBatch(strings.NewReader(manyUsers(3000)), nil)))
	}()
	awaitUsers(t, name, 1001)
	cancel()
	if err := <-imported; err == nil || i.done != batchSize {
		t.Errorf("%d users were imported in the gap after the first batch, %v", i.done, err)
	}
}

// After a long transaction comes a smaller one, and after a short one a larger.
func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p pace
		got := []int{p.batches()}
		for _, took := range []time.Duration{10, 10, 10, 10, 10, 400, 600, 260, 200, 600, 600, 600, 600, 600, 10} {
			p.begin()
			time.Sleep(took * time.Millisecond)
			p.end(p.batches())
			got = append(got, p.batches())
		}
		if diff := cmp.Diff([]int{1, 2, 4, 8, 16, 16, 16, 8, 8, 16, 8, 4, 2, 1, 1, 2}, got); diff != "" {
			t.Errorf("batches (-want +got):\n%s", diff)
		}
		p.begin()
		p.end(1) // of two that it might have had
		if p.batches() != 2 {
			t.Errorf("%d batches, after one that was alone", p.batches())
		}
	})
}
