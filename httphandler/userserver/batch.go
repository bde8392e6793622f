package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/userrecord/userrecord/userstore"
)

const (
	batchSize = 1000    // records
	maxLine   = 1 << 20 // bytes
)

// A batch is the records of one transaction, or the error that ends the import.
type batch struct {
	records []record
	err     error
}

func (b batch) lastLine() int { return b.records[len(b.records)-1].line }

// A record is a user and the number of its line.
type record struct {
	line int
	user userstore.User
}

// A lineError is an error in a line.
type lineError struct {
	line int
	err  error
}

func (e lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }

func (e lineError) Unwrap() error { return e.err }

// readBatches reads until the end, an error, or until ctx is done (which does not end
// a Read that is waiting).
func readBatches(ctx context.Context, in io.Reader, rules *userstore.Rules) <-chan batch {
	batches := make(chan batch)
	go func() {
		defer close(batches)
		send := func(b batch) bool {
			select {
			case batches <- b:
				return b.err == nil
			case <-ctx.Done():
				return false
			}
		}
		var records []record
		for r, err := range readRecords(in, rules) {
			if err != nil {
				send(batch{err: err})
				return
			}
			if records = append(records, r); len(records) == batchSize {
				if !send(batch{records: records}) {
					return
				}
				records = nil
			}
		}
		if len(records) > 0 {
			send(batch{records: records})
		}
	}()
	return batches
}

// readRecords yields the records of all lines that are not blank. It ends at the
// first error, a lineError.
func readRecords(in io.Reader, rules *userstore.Rules) func(yield func(record, error) bool) {
	return func(yield func(record, error) bool) {
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, maxLine)
		n := 0
		for lines.Scan() {
			n++
			if len(bytes.TrimSpace(lines.Bytes())) == 0 {
				continue
			}
			user, err := readRecord(lines.Bytes(), rules)
			if err != nil {
				yield(record{}, lineError{n, err})
				return
			}
			if !yield(record{n, user}, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(record{}, lineError{n + 1, unreadable(err)})
		}
	}
}

func unreadable(err error) error {
	if errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("it is longer than %d bytes", maxLine)
	}
	return fmt.Errorf("it cannot be read: %w", withoutName(err))
}
