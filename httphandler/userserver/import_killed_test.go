package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// writeUsers writes n lines of users, or fewer if the reader is closed.
func writeUsers(w io.Writer, n int) {
	for i := 1; i <= n; i++ {
		if _, err := io.WriteString(w, userLine(i)); err != nil {
			return
		}
	}
}

// startImport starts an import of 20 batches, after which it waits for more.
func startImport(t *testing.T, name string) *child {
	t.Helper()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { writer.Close() })
	c := newChild(t, reader, "import", "-db", name)
	reader.Close()
	go writeUsers(writer, 20*batchSize)
	return c
}

// What a killed import leaves is whole batches, and importing again completes it.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	c := startImport(t, name)
	awaitUsers(t, name, 3*batchSize)
	require.NoError(t, c.command.Process.Kill())
	c.wait(t)
	left := exportLines(t, name)
	n := strings.Count(left, "\n")
	if n%batchSize != 0 || left != manyUsers(n) {
		t.Fatalf("%d users are left, which are not those of the first lines, in batches of %d", n, batchSize)
	}
	importLines(t, name, manyUsers(n+10), "-existing", "skip").expect(t, exitOK, fmt.Sprintf("imported 10 users, skipped %d in ", n))
}

// An import that is interrupted never looks complete, also if its reader has ended first.
func TestInterruptedBatches(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := &batchReader{batches: make(chan batch)}
	close(r.batches)
	for range 100 {
		some, err := r.next(ctx, 1)
		require.ErrorIs(t, err, errInterrupted)
		require.Empty(t, some)
	}
}
