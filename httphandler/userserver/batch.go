package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/userrecord/userrecord/userstore"
)

const (
	batchSize = 1000    // records
	maxLine   = 1 << 20 // bytes
)

// A batch is the records that are imported all or not at all, or the error that ends
// the import.
type batch struct {
	records []record
	weight  int // what it takes of a batchReader's room
	err     error
}

func (b batch) lastLine() int { return b.records[len(b.records)-1].line }

// A lineError is an error in a line.
type lineError struct {
	line int
	err  error
}

func (e lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }

func (e lineError) Unwrap() error { return e.err }

// A batchReader reads ahead while batches are imported, as far as there is room. That
// bounds the memory.
type batchReader struct {
	batches chan batch
	room    chan struct{}
}

const (
	maxRoom    = 2 * maxBatches // so that a transaction can be filled during another
	roomWeight = 512 << 10      // bytes of lines, more than most batches have
)

// readBatches reads until the end, an error, or until ctx is done (which does not end
// a Read that is waiting).
func readBatches(ctx context.Context, in io.Reader, rules *userstore.Rules) *batchReader {
	r := &batchReader{make(chan batch, maxRoom+1), make(chan struct{}, maxRoom)}
	r.forget(batch{weight: maxRoom}) // all of it is free
	go func() {
		defer close(r.batches)
		for b := range eachBatch(in, rules) {
			if !r.send(ctx, b) {
				return
			}
		}
	}()
	return r
}

// next waits for a batch and returns it with those that are ready behind it, no more
// than most. The error, which comes after them, ends the import; it is io.EOF in the
// end.
func (r *batchReader) next(ctx context.Context, most int) (some []batch, err error) {
	select {
	case <-ctx.Done():
		return nil, errInterrupted
	case b, more := <-r.batches:
		for more && b.err == nil {
			if some = append(some, b); len(some) == most {
				return some, nil
			}
			select {
			case b, more = <-r.batches:
			default:
				return some, nil
			}
		}
		switch {
		case more:
			return some, b.err
		case ctx.Err() != nil:
			return nil, errInterrupted // the reader may have ended for that reason
		}
		return some, io.EOF
	}
}

// forget makes room, because the batches are no longer needed.
func (r *batchReader) forget(some ...batch) {
	for _, b := range some {
		for range b.weight {
			r.room <- struct{}{}
		}
	}
}

// send waits for room. It returns false if ctx is done.
func (r *batchReader) send(ctx context.Context, b batch) bool {
	for range b.weight {
		select {
		case <-r.room:
		case <-ctx.Done():
			return false
		}
	}
	r.batches <- b // does not wait: it is as long as there is room, and an error
	return true
}

// eachBatch yields the records of all lines that are not blank. The last batch may be
// smaller, or is an error, which is a lineError.
func eachBatch(in io.Reader, rules *userstore.Rules) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, maxLine)
		reader, n, size := &recordReader{rules: rules}, 0, 0
		var b batch
		for lines.Scan() {
			n++
			if len(bytes.TrimSpace(lines.Bytes())) == 0 {
				continue
			}
			r, err := reader.read(lines.Bytes())
			if err != nil {
				yield(batch{err: lineError{n, err}})
				return
			}
			r.line = n
			b.records, size = append(b.records, r), size+len(lines.Bytes())
			if len(b.records) == batchSize {
				if !yield(b.weighed(size)) {
					return
				}
				b, size = batch{}, 0
			}
		}
		if err := lines.Err(); err != nil {
			yield(batch{err: lineError{n + 1, unreadable(err)}})
		} else if len(b.records) > 0 {
			yield(b.weighed(size))
		}
	}
}

// weighed returns b with the weight of so many bytes.
func (b batch) weighed(bytes int) batch {
	b.weight = min(1+bytes/roomWeight, maxRoom)
	return b
}

func unreadable(err error) error {
	if errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("it is longer than %d bytes", maxLine)
	}
	return fmt.Errorf("it cannot be read: %w", withoutName(err))
}
