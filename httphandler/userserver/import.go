package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"runtime/debug"

	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// An existingMode imports a user whose id may be taken, and reports whether the user is
// now as in the line. It does what [sqlstore.Tx.CreateAll] does if the id is not taken.
type existingMode func(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error)

var existingModes = map[string]existingMode{
	"fail": createNew,
	"skip": func(ctx context.Context, tx *sqlstore.Tx, user userstore.User) (bool, error) {
		// Get comes first, because in PostgreSQL an error ends the transaction.
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

The users are committed in batches of 1000, up to 16 of them at once. The import stops
at the first line that is wrong, and tells its number and up to which line the users
are in the database.

A million users of 500 bytes a line take about 20 s and 40 MB of memory. Beside an
SQLite file, the file with -wal grows to about 100 MB meanwhile. A server of the same
file goes on: its patches wait for a moment.

Flags:
`

// importGCPercent is low because most of the heap is batches that wait: with 100, an
// import would take much more memory, and no less time.
const importGCPercent = 25

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
	if t.db.openImport != nil {
		t.db.open = t.db.openImport
	}
	db, err := openSQL(ctx, t.db, t.logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	i := &importer{to: db, existing: f.existing, progress: newProgress(p.stderr, "imported")}
	if t.db.file != "" {
		i.pace.gap = sqliteGap
	}
	defer debug.SetGCPercent(debug.SetGCPercent(importGCPercent))
	var rules *userstore.Rules
	if !f.anyForm {
		rules = userstore.DefaultRules()
	}
	return i.run(ctx, in, rules)
}
