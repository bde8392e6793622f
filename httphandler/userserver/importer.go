package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// An importer imports batches and counts what is committed.
type importer struct {
	to       sqlDatabase
	existing existingMode
	progress *progress
	pace     pace
	users    [2 * chunk]userstore.User // a buffer, for a chunk and an odd one

	done, skipped, lastLine int // committed so far
}

func (i *importer) run(ctx context.Context, in io.Reader, rules *userstore.Rules) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := i.importAll(ctx, readBatches(ctx, in, rules))
	i.progress.end(i.done, i.details(err))
	return err
}

// details returns what is printed after the number of users.
func (i *importer) details(err error) (text string) {
	if i.skipped > 0 {
		text = fmt.Sprintf(", skipped %d", i.skipped)
	}
	if err != nil && i.lastLine > 0 {
		text += fmt.Sprintf(", all up to line %d,", i.lastLine)
	}
	return text
}

func (i *importer) importAll(ctx context.Context, from *batchReader) error {
	for {
		some, end := from.next(ctx, i.pace.batches())
		if len(some) > 0 {
			if err := i.importBatches(ctx, some); err != nil {
				return err
			}
			i.progress.update(i.done)
			from.forget(some...)
		}
		if end == io.EOF {
			return nil
		}
		if end != nil {
			return end
		}
	}
}

// chunk is the users of a call of CreateAll: a multiple of its 100 users a statement.
const chunk = 500

// errNotAtOnce reports that the users must be imported one by one, which tells the
// line of an error.
var errNotAtOnce = errors.New("the users were not imported at once")

// importBatches imports the batches at once in a transaction. If that fails, it imports
// them one by one until one fails, so that all before that one are imported.
func (i *importer) importBatches(ctx context.Context, some []batch) error {
	if err := i.inTransaction(ctx, some, i.importAtOnce); !errors.Is(err, errNotAtOnce) {
		return err
	}
	if len(some) == 1 {
		return i.inTransaction(ctx, some, i.importOneByOne)
	}
	i.pace.startOver() // the next ones may fail at once too
	for n := range some {
		if err := i.importBatches(ctx, some[n:n+1]); err != nil {
			return err
		}
	}
	return nil
}

// An importFunc imports the users of batches and returns how many are now as in their
// lines.
type importFunc func(ctx context.Context, in *sqlstore.Tx, some []batch) (done int, err error)

// inTransaction imports all of the batches, or nothing. Then it leaves a gap.
func (i *importer) inTransaction(ctx context.Context, some []batch, do importFunc) error {
	tx, err := i.to.db.BeginTx(ctx, nil)
	if err != nil {
		return databaseFailed("the database cannot begin a transaction", err)
	}
	defer tx.Rollback() // does nothing after a commit
	i.pace.begin()
	done, err := do(ctx, i.to.store.WithTx(tx), some)
	if err != nil {
		return err
	}
	i.pace.end(len(some))
	first, last := some[0].records[0].line, some[len(some)-1].lastLine()
	if err := tx.Commit(); err != nil {
		// Only if the commit was not sent: one that was sent ignores ctx.
		if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, sql.ErrTxDone)) {
			return errInterrupted
		}
		return databaseFailed(fmt.Sprintf("lines %d to %d may or may not be imported: their commit failed (import them again with -existing skip or replace)", first, last), err)
	}
	i.done += done
	for _, b := range some {
		i.skipped += len(b.records)
	}
	i.skipped -= done
	i.lastLine = last
	i.pace.giveWay(ctx)
	return nil
}

// importAtOnce imports in the order of the ids, so that each page of the index is
// visited once. The first chunk is the odd one: CreateAll prepares all statements for
// it, before the first write (see [sqlstore.Store.WithTx]).
func (i *importer) importAtOnce(ctx context.Context, in *sqlstore.Tx, some []batch) (done int, err error) {
	records := slices.SortedFunc(recordsOf(some), func(a, b *record) int { return bytes.Compare(a.id[:], b.id[:]) })
	for done < len(records) {
		left := records[done:]
		n := min(chunk+len(left)%chunk, len(left))
		for at, r := range left[:n] {
			r.user(&i.users[at])
		}
		if in.CreateAll(ctx, i.users[:n]) != nil {
			return 0, errNotAtOnce
		}
		done += n
	}
	return done, nil
}

func (i *importer) importOneByOne(ctx context.Context, in *sqlstore.Tx, some []batch) (done int, err error) {
	for r := range recordsOf(some) {
		r.user(&i.users[0])
		ok, err := i.existing(ctx, in, i.users[0])
		switch {
		case err == nil && ok:
			done++
		case err != nil && ctx.Err() != nil:
			return 0, errInterrupted
		case errors.Is(err, userstore.ErrExists):
			return 0, lineError{r.line, errors.New("the id is taken (use -existing skip or replace to go on)")}
		case err != nil:
			return 0, lineError{r.line, storeFailed(err)}
		}
	}
	return done, nil
}

func recordsOf(some []batch) iter.Seq[*record] {
	return func(yield func(*record) bool) {
		for _, b := range some {
			for n := range b.records {
				if !yield(&b.records[n]) {
					return
				}
			}
		}
	}
}
