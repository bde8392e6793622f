package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A prober tries what the table does to a row, in transactions that are rolled back.
type prober struct {
	*Store
	conn   *sql.Conn
	values []any // of the conditions
}

// A subject is the row that is tried.
type subject struct {
	user   userstore.User
	insert bool // or else it is there
}

func inserting(user userstore.User) subject { return subject{user, true} }

// try tries the subject and then the patches, and rolls back.
func (p prober) try(ctx context.Context, on subject, patches ...userstore.Scalars) error {
	return p.inRolledBack(ctx, func(tx *sql.Tx) (err error) {
		if on.insert {
			err = p.insertAndCheck(ctx, tx, on.user)
		}
		for _, patch := range patches {
			if err == nil {
				err = p.patchAndCheck(ctx, tx, on.user.ID, patch)
			}
		}
		return err
	})
}

// inRolledBack calls do with a transaction, and rolls that back.
func (p prober) inRolledBack(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := p.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = do(tx)
	if err != nil && !isAnswer(err) && p.engine.classify(err).readOnly {
		err = setupErrorf("the database cannot be written: it was opened read-only (mode=ro, immutable, query_only), or the file, or its directory, is read-only")
	}
	undo := endTx(ctx, tx, (*sql.Tx).Rollback)
	switch {
	case errors.As(undo, new(errStuck)):
		return undo // the connection cannot be asked any more
	case undo != nil:
		return errDropConn{errors.Join(err, undo)}
	}
	return err
}

func (p prober) insertAndCheck(ctx context.Context, tx *sql.Tx, user userstore.User) error {
	if err := p.insertProbe(ctx, tx, user); err != nil {
		return err
	}
	if !p.opts.AllowRewrites {
		if err := p.checkInsertedRow(ctx, tx, user); err != nil {
			return err
		}
	}
	return p.checkReaderIsFree(ctx)
}

func (p prober) insertProbe(ctx context.Context, tx *sql.Tx, user userstore.User) error {
	_, err := tx.ExecContext(ctx, p.texts.insert, p.layout.insertArgs(user, p.engine.timeLayout, p.values)...)
	if err != nil {
		err = p.refuseMisfit(err)
	}
	return err
}

// checkInsertedRow compares the row with the user that was sent.
func (p prober) checkInsertedRow(ctx context.Context, tx *sql.Tx, user userstore.User) error {
	got, err := p.read(ctx, tx, p.layout.assign(user.ID, user.Attributes.Scalars(), p.values))
	if err == nil && !got.CreatedAt.Equal(user.CreatedAt) {
		err = &mismatchError{columns: []string{p.layout.createdAt}}
	}
	if err != nil {
		return p.changes(ctx, "inserted into", err)
	}
	if text, ok := user.Attributes.LastName.Get(); ok {
		return p.checkLength(ctx, tx, user.ID, text)
	}
	return nil
}

// patchAndCheck patches the row, and compares it with the patch.
func (p prober) patchAndCheck(ctx context.Context, tx *sql.Tx, id uuid.UUID, patch userstore.Scalars) error {
	a := p.layout.assign(id, patch, p.values)
	if a.isEmpty() {
		return nil
	}
	var commands []command
	for _, text := range p.patchTexts(a.set) {
		commands = append(commands, command{text: text})
	}
	_, err := p.patch(ctx, tx, a, commands)
	if err == nil && !p.opts.AllowRewrites {
		_, err = p.read(ctx, tx, a) // what a view's trigger returns is not what it keeps
	}
	return p.changes(ctx, "patched in", err)
}

// read reads the row, which must hold the assignment.
func (p prober) read(ctx context.Context, on session, a assignment) (userstore.User, error) {
	return p.layout.scanAssigned(on.QueryRowContext(ctx, p.texts.get, a.key()...), a)
}

// withTypes adds the driver's names for the types of a host's columns, as far as it tells.
func (p prober) withTypes(ctx context.Context, m *mismatchError) *mismatchError {
	if !p.layout.mapped {
		return m
	}
	typed := &mismatchError{foreign: m.foreign}
	for _, column := range m.columns {
		name, _, _ := strings.Cut(column, " ")
		if kind, err := p.columnType(ctx, p.conn, p.texts.name(name)); err == nil && kind != "" {
			column += " of type " + kind
		}
		typed.columns = append(typed.columns, column)
	}
	return typed
}

// adviceOn says what may be behind a value that is not what was sent.
func (p prober) adviceOn(err error) string {
	var differing []string
	if m, ok := errors.AsType[*mismatchError](err); ok {
		differing = m.columns
	}
	isBirthDate := func(described string) bool { return strings.HasSuffix(described, "(/birthDate)") }
	switch {
	case p.layout.mapped && slices.Contains(differing, p.layout.createdAt):
		return "it must keep microseconds, and the time zone or UTC (see Mapping.CreatedAt)"
	case slices.ContainsFunc(differing, isBirthDate):
		return "a trigger or a view does that, or the column's type, which may be a date (see Mapping.BirthDateIsDate)"
	case p.layout.mapped:
		return "a column's type or character set, a trigger, or a view does that (if a trigger does so on purpose, see Options.AllowRewrites)"
	}
	return "a trigger, or a column's type or character set, does that (see Options.AllowRewrites)"
}

// changes explains an error of read.
func (p prober) changes(ctx context.Context, done string, err error) error {
	advice := p.adviceOn(err)
	if mismatch, ok := errors.AsType[*mismatchError](err); ok {
		return setupErrorf("what is %s the table %s %v: %s", done, p.table, p.withTypes(ctx, mismatch), advice)
	}
	if corrupt, ok := errors.AsType[*corruptError](err); ok {
		return setupErrorf("what is %s the table %s is read as %v: %s", done, p.table, corrupt, advice)
	}
	if errors.Is(err, errTwoRows) {
		return p.twoRowsProblem("has")
	}
	if errors.Is(err, userstore.ErrNotFound) {
		return setupErrorf("what is %s the table %s is not there: %s", done, p.table, advice)
	}
	return err
}

// checkLength has the database measure the text in the column of /lastName.
func (p prober) checkLength(ctx context.Context, tx *sql.Tx, id uuid.UUID, text string) error {
	var length sql.Null[string]
	if err := tx.QueryRowContext(ctx, p.texts.measure, appendKey(nil, id, p.values)...).Scan(&length); err != nil {
		return err
	}
	if length.V != p.engine.echo.lengthOf(text) {
		return setupErrorf("the table %s keeps other characters than are sent: look at the character sets of its columns", p.table)
	}
	return nil
}
