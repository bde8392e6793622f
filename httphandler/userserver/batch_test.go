package main

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// However long the lines are, only so many are in memory.
func TestBatchReaderWaitsForRoom(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ length, batches int }{
		"usual": {100, maxRoom},
		"heavy": {1500, maxRoom / 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reader, writer := io.Pipe()
				defer reader.Close()
				line := strings.TrimSpace(userLine(1))
				line += strings.Repeat(" ", max(test.length-len(line), 0)) + "\n"
				text, n := strings.Repeat(line, batchSize), 0
				go func() {
					for {
						if _, err := io.WriteString(writer, text); err != nil {
							return
						}
						n++
					}
				}()
				r := readBatches(t.Context(), reader, nil)
				synctest.Wait()
				// The last batch waits for room, with one line or a few behind it.
				if want := test.batches + 1; n != want {
					t.Errorf("%d batches are read ahead, want %d", n, want)
				}
				some, err := r.next(t.Context(), maxBatches)
				require.NoError(t, err)
				r.forget(some...)
				synctest.Wait()
				if want := test.batches + 1 + len(some); n != want {
					t.Errorf("%d batches are read after %d were imported, want %d", n, len(some), want)
				}
			})
		})
	}
}
