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

// An onExisting creates a user in its own way if the id is taken, and reports
// whether the user is now as given.
type onExisting func(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error)

var existingModes = map[string]onExisting{
	"fail": createNew,
	"skip": func(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error) {
		// Asked first: in PostgreSQL, a failure ends the transaction.
		_, err := tx.Get(ctx, user.ID)
		if errors.Is(err, userstore.ErrNotFound) {
			return createNew(ctx, tx, user)
		}
		return false, err
	},
	"replace": func(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error) {
		_, err := tx.Put(ctx, user)
		return err == nil, err
	},
}

func createNew(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error) {
	_, err := tx.Create(ctx, user)
	return err == nil, err
}

// importFlags are the flags as given.
type importFlags struct {
	db       string
	existing onExisting
	anyForm  bool
}

func newImportFlags(f *importFlags) *flag.FlagSet {
	f.existing = existingModes["fail"]
	set := newCommandFlags(&f.db, "create the users in "+dbUsage)
	set.Func("existing", "what to do if there is a user with the id: `MODE` fail (the default), skip or replace", func(s string) error {
		mode, ok := existingModes[s]
		if !ok {
			return errors.New("use fail, skip or replace")
		}
		f.existing = mode
		return nil
	})
	set.BoolVar(&f.anyForm, "no-format-check", false, "take old records whose values do not have the formats that a patch must have")
	return set
}

func printImportHelp(w io.Writer) {
	printTransferHelp(w, importHelp, newImportFlags(new(importFlags)))
}

const importHelp = `Usage: userserver import [flags] [FILE]

Creates the users of FILE, or of the standard input if FILE is - or omitted. Each
line is a user in the form that userserver export writes:

  {"id":"...","attributes":{"firstName":"Jane"},"createdAt":"2021-09-01T23:12:56Z"}

Only id is required; createdAt is the present by default. Blank lines are ignored.
Unknown and duplicate names are refused, as are values in a wrong format.

With -existing replace, a user that is there gets exactly the attributes of the
line, and keeps its createdAt if the line has none. The row is updated in place:
columns of your own, and rows that refer to the user, stay as they are.

The users are committed 1000 at a time. At the first line that is wrong it stops,
and tells which line that is and up to which line the users are in the database.

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
	users, err := openSQL(ctx, t.db, t.logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, users.close()) }()
	i := &importer{to: users, existing: f.existing, progress: newProgress(p.stderr, "imported")}
	var rules *userstore.Rules
	if !f.anyForm {
		rules = userstore.DefaultRules()
	}
	return i.run(ctx, in, rules)
}

// An importer counts what it imports.
type importer struct {
	to       sqlUsers
	existing onExisting
	progress *progress

	users, skipped, lastLine int // that are committed
}

func (i *importer) run(ctx context.Context, in io.Reader, rules *userstore.Rules) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := i.all(ctx, readBatches(ctx, in, rules))
	i.progress.end(i.users, i.more(err))
	return err
}

// more is what the count leaves open.
func (i *importer) more(err error) (text string) {
	if i.skipped > 0 {
		text = fmt.Sprintf(", skipped %d", i.skipped)
	}
	if err != nil && i.lastLine > 0 {
		text += fmt.Sprintf(", all up to line %d,", i.lastLine)
	}
	return text
}

func (i *importer) all(ctx context.Context, batches <-chan batch) error {
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
			if err := i.batch(ctx, b); err != nil {
				return err
			}
			i.progress.update(i.users)
		}
	}
}

// batch imports all of b or nothing.
func (i *importer) batch(ctx context.Context, b batch) error {
	tx, err := i.to.db.BeginTx(ctx, nil)
	if err != nil {
		return failed("the database takes no transaction", err)
	}
	defer tx.Rollback() // after a commit it does nothing
	done, err := i.create(ctx, i.to.store.WithTx(tx), b)
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		// A commit that was sent does not heed ctx.
		if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, sql.ErrTxDone)) {
			return errInterrupted
		}
		return failed(fmt.Sprintf("lines %d to %d may be imported or not: their commit failed (-existing skip or replace takes them again)", b.records[0].line, b.lastLine()), err)
	}
	i.users += done
	i.skipped += len(b.records) - done
	i.lastLine = b.lastLine()
	return nil
}

// create creates the users of b and returns how many are now as given.
func (i *importer) create(ctx context.Context, in *sqlstore.Tx, b batch) (done int, err error) {
	for _, r := range b.records {
		ok, err := i.existing(ctx, in, r.user)
		switch {
		case err == nil && ok:
			done++
		case err != nil && ctx.Err() != nil:
			return 0, errInterrupted
		case errors.Is(err, userstore.ErrExists):
			return 0, lineError{r.line, errors.New("the id is taken (-existing skip or replace goes on)")}
		case err != nil:
			return 0, lineError{r.line, shown(err)}
		}
	}
	return done, nil
}
