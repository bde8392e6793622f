package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/userrecord/userrecord/sqlstore"
)

func newExportFlags(db *string) *flag.FlagSet {
	return newCommandFlags(db, "read the users from `DATABASE`: the name of an SQLite file, or postgres or mysql (or MariaDB), with the data source name in "+databaseEnv)
}

func printExportHelp(w io.Writer) {
	printTransferHelp(w, exportHelp, newExportFlags(new(string)))
}

const exportHelp = `Usage: userserver export [flags] [FILE]

Writes every user to FILE, or to the standard output if FILE is - or omitted, one
JSON object a line, in the order of the ids:

  {"id":"...","attributes":{"firstName":"Jane"},"createdAt":"2021-09-01T23:12:56Z"}

FILE appears only when it is complete, and then replaces an existing one. Only its
owner can read it (mode 0600). Until then it is named .userserver-export- and a
number. A killed export leaves that file behind, and the next export into the same
directory removes it.

While a server changes users, each user is exported whole, but not all of them as
of the same moment.

Flags:
`

func exportCommand(ctx context.Context, args []string, p process) (err error) {
	var name string
	set := newExportFlags(&name)
	if err := parseFlags(set, args); err != nil {
		return err
	}
	t, err := newTransfer(name, set.Args(), p)
	if err != nil {
		return err
	}
	if err := checkTarget(t.file); err != nil {
		return err
	}
	db, err := openExisting(ctx, t.db, t.logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	progress, n := newProgress(p.stderr, "exported"), 0
	write := func(w io.Writer) (err error) {
		n, err = export(ctx, db.store, w, progress)
		return err
	}
	if t.file == "" {
		err = write(p.stdout)
	} else {
		err = replaceFile(t.file, t.logger, write)
	}
	if err != nil && t.file != "" {
		n = 0 // the unfinished file is gone, unlike what went to stdout
	}
	progress.end(n, "")
	return err
}

// export writes all users to w and returns how many it wrote.
func export(ctx context.Context, store *sqlstore.Store, w io.Writer, progress *progress) (n int, err error) {
	out := bufio.NewWriter(w)
	for user, err := range store.All(ctx) {
		if err != nil {
			return n, storeFailed(err)
		}
		line, err := appendRecord(out.AvailableBuffer(), &user)
		if err != nil {
			return n, fmt.Errorf("user %s cannot be written as JSON", user.ID)
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return n, unwritable(err)
		}
		n++
		progress.update(n)
	}
	if err := out.Flush(); err != nil {
		return n, unwritable(err)
	}
	return n, nil
}

func unwritable(err error) error { return fmt.Errorf("cannot write: %w", withoutName(err)) }
