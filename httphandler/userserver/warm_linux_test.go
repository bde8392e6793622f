package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The server reads its whole file at the start.
func TestServerWarmsItsFile(t *testing.T) {
	t.Parallel()
	const size = 20_000_000
	name, db := sqliteDB(t)
	execute(t, db, "CREATE TABLE large (content)")
	execute(t, db, fmt.Sprintf("INSERT INTO large VALUES (zeroblob(%d))", size))
	require.NoError(t, db.Close())
	s := newChild(t, nil, "-addr", "127.0.0.1:0", "-db", name)
	var read int64
	for deadline := time.Now().Add(20 * time.Second); read < size; time.Sleep(5 * time.Millisecond) {
		counts, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", s.command.Process.Pid))
		require.NoError(t, err)
		_, err = fmt.Sscanf(string(counts), "rchar: %d", &read)
		require.NoError(t, err)
		if time.Now().After(deadline) {
			t.Fatalf("it has read %d bytes of %d; counts:\n%s", read, size, strings.TrimSpace(string(counts)))
		}
	}
}
