package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadThrough(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, make([]byte, 3_000_000), 0o600))
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for title, test := range map[string]struct {
		ctx   context.Context
		name  string
		limit int64
		want  int64
	}{
		"all":        {t.Context(), name, warmLimit, 3_000_000},
		"up to":      {t.Context(), name, 1_000_000, 1_000_000},
		"not at all": {done, name, warmLimit, 0},
		"no file":    {t.Context(), name + "?", warmLimit, 0},
	} {
		if got := readThrough(test.ctx, test.name, test.limit); got != test.want {
			t.Errorf("%s: %d bytes, want %d", title, got, test.want)
		}
	}
}
