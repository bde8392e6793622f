package main

import (
	"context"
	"io"
	"os"
	"sync"
)

// warmLimit is how much of a file is read at the start: about what three million users
// take. A file larger than the memory would push its own beginning out again.
const warmLimit = 1 << 30 // bytes

// warm begins to read the file in order, so that the operating system has it in memory.
// Otherwise each patch waits for random reads of the disk, and with it all that share
// its commit. The returned function ends the reading.
func warm(ctx context.Context, name string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var reading sync.WaitGroup
	reading.Go(func() { readThrough(ctx, name, warmLimit) })
	return func() {
		cancel()
		reading.Wait()
	}
}

// readThrough reads up to limit bytes, and returns how many it has read. A file that
// cannot be read is left to SQLite, which says why. The driver's locks survive the
// close, since they belong to its own open file (see ENGINES.md).
func readThrough(ctx context.Context, name string, limit int64) int64 {
	f, err := os.Open(name)
	if err != nil {
		return 0
	}
	defer f.Close()
	// Discard by itself would read in pieces of 8 KiB.
	n, _ := io.CopyBuffer(struct{ io.Writer }{io.Discard}, untilDone{ctx, io.LimitReader(f, limit)}, make([]byte, 1<<20))
	return n
}

// untilDone is a Reader that ends with ctx.
type untilDone struct {
	ctx context.Context
	io.Reader
}

func (r untilDone) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
