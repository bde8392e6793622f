package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// An existingMode says what to do with a user whose id may be taken.
type existingMode struct {
	// each imports a user, and reports whether it is now as in the line.
	each func(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error)
	// all imports all users or fails; nil if it cannot.
	all func(tx *sqlstore.Tx, ctx context.Context, users []userstore.User) error
}

var existingModes = map[string]existingMode{
	"fail": {each: createNew, all: (*sqlstore.Tx).CreateAll},
	"skip": {each: func(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error) {
		// Get comes first, because in PostgreSQL an error ends the transaction.
		_, err := tx.Get(ctx, user.ID)
		if errors.Is(err, userstore.ErrNotFound) {
			return createNew(ctx, tx, user)
		}
		return false, err
	}},
	"replace": {each: func(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error) {
		_, err := tx.Put(ctx, user)
		return err == nil, err
	}},
}

func createNew(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error) {
	_, err := tx.Create(ctx, user)
	return err == nil, err
}

// importFlags are the values of the flags.
type importFlags struct {
	db       string
	existing existingMode
	anyForm  bool
}

func newImportFlags(f *importFlags) *flag.FlagSet {
	f.existing = existingModes["fail"]
	set := newCommandFlags(&f.db, "create the users in "+dbUsage)
	set.Func("existing", "what to do if the id is taken: `MODE` fail (the default), skip or replace", func(s string) error {
		mode, ok := existingModes[s]
		if !ok {
			return errors.New("use fail, skip or replace")
		}
		f.existing = mode
		return nil
	})
	set.BoolVar(&f.anyForm, "no-format-check", false, "accept values that do not have the formats that a patch must have, as in old records")
	return set
}

func printImportHelp(w io.Writer) {
	printTransferHelp(w, importHelp, newImportFlags(new(importFlags)))
}

const importHelp = `Usage: userserver import [flags] [FILE]

Creates the users of FILE, or of the standard input if FILE is - or omitted. Each
line is a user in the form that userserver export writes:

  {"id":"...","attributes":{"firstName":"Jane"},"createdAt":"2021-09-01T23:12:56Z"}

Only id is required; createdAt defaults to the current time. Blank lines are ignored.
Unknown and duplicate names and values in a wrong format are refused.

With -existing replace, an existing user gets exactly the attributes of the line,
and keeps its createdAt if the line has none. The row is updated in place: columns
of your own, and rows that refer to the user, stay as they are.

The users are committed 1000 at a time. The import stops at the first line that is
wrong, and tells its number and up to which line the users are in the database.

Flags:
`

func importCommand(ctx context.Context, args []string, p process) (err error) {
	var f importFlags
	set := newImportFlags(&f)
	if err := parseFlags(set, args); err != nil {
		return err
	}
	t, err := newTransfer(f.db, set.Args(), p)
	if err != nil {
		return err
	}
	in, err := t.input(p)
	if err != nil {
		return err
	}
	defer in.Close()
	db, err := openSQL(ctx, t.db, t.logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	i := &importer{to: db, existing: f.existing, progress: newProgress(p.stderr, "imported")}
	var rules *userstore.Rules
	if !f.anyForm {
		rules = userstore.DefaultRules()
	}
	return i.run(ctx, in, rules)
}

// An importer imports batches and counts what is committed.
type importer struct {
	to       sqlDatabase
	existing existingMode
	progress *progress

	users, skipped, lastLine int // committed so far
}

func (i *importer) run(ctx context.Context, in io.Reader, rules *userstore.Rules) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := i.importAll(ctx, readBatches(ctx, in, rules))
	i.progress.end(i.users, i.details(err))
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

func (i *importer) importAll(ctx context.Context, batches <-chan batch) error {
	for {
		select {
		case <-ctx.Done():
			return errInterrupted
		case b, more := <-batches:
			if !more {
				return nil
			}
			if b.err != nil {
				return b.err
			}
			if err := i.importBatch(ctx, b); err != nil {
				return err
			}
			i.progress.update(i.users)
		}
	}
}

// errNotAtOnce reports that the users of a batch must be imported one by one, which
// tells the line of an error.
var errNotAtOnce = errors.New("the users were not imported at once")

// importBatch imports all of b, or nothing.
func (i *importer) importBatch(ctx context.Context, b batch) error {
	if i.existing.all != nil {
		if err := i.inTransaction(ctx, b, i.importAtOnce); !errors.Is(err, errNotAtOnce) {
			return err
		}
	}
	return i.inTransaction(ctx, b, i.importOneByOne)
}

// An importFunc imports the users of b and returns how many are now as in their lines.
type importFunc func(ctx context.Context, in *sqlstore.Tx, b batch) (done int, err error)

func (i *importer) inTransaction(ctx context.Context, b batch, do importFunc) error {
	tx, err := i.to.db.BeginTx(ctx, nil)
	if err != nil {
		return databaseFailed("the database cannot begin a transaction", err)
	}
	defer tx.Rollback() // does nothing after a commit
	done, err := do(ctx, i.to.store.WithTx(tx), b)
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		// Only if the commit was not sent: one that was sent ignores ctx.
		if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, sql.ErrTxDone)) {
			return errInterrupted
		}
		return databaseFailed(fmt.Sprintf("lines %d to %d may or may not be imported: their commit failed (import them again with -existing skip or replace)", b.records[0].line, b.lastLine()), err)
	}
	i.users += done
	i.skipped += len(b.records) - done
	i.lastLine = b.lastLine()
	return nil
}

func (i *importer) importAtOnce(ctx context.Context, in *sqlstore.Tx, b batch) (done int, err error) {
	users := make([]userstore.User, len(b.records))
	for n, r := range b.records {
		users[n] = r.user
	}
	if i.existing.all(in, ctx, users) != nil {
		return 0, errNotAtOnce
	}
	return len(users), nil
}

func (i *importer) importOneByOne(ctx context.Context, in *sqlstore.Tx, b batch) (done int, err error) {
	for _, r := range b.records {
		ok, err := i.existing.each(ctx, in, r.user)
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
