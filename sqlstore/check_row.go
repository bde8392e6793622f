package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A prober tries what the table does to a row, in transactions that are rolled back.
type prober struct {
	*Store
	conn   *sql.Conn
	values []any // of the conditions
}

// checkRow inserts a probe, patches it, clears it, and rolls that back. What a
// constraint, or the lack of a right, keeps from being tried so is tried by parts.
func (p prober) checkRow(ctx context.Context) error {
	first, second := p.layout.fit(probe), p.layout.fit(patchedProbe).Attributes.Scalars()
	err := p.try(ctx, inserting(first), second, cleared(second))
	if p.isRefusal(err) {
		return p.checkParts(ctx)
	}
	if err == nil {
		p.unproved.Store(new([]string))
		err = p.checkUnique(ctx, first)
	}
	if err != nil && !isAnswer(err) {
		return err
	}
	return cmp.Or(p.removeProbe(ctx), err)
}

// checkUnique inserts two users of the same id, which the table must refuse.
func (p prober) checkUnique(ctx context.Context, first userstore.User) error {
	if !p.layout.mapped {
		return nil
	}
	err := p.inRolledBack(ctx, func(tx *sql.Tx) error {
		if err := p.insertProbe(ctx, tx, first); err != nil {
			return err
		}
		return p.insertProbe(ctx, tx, p.layout.fit(patchedProbe))
	})
	switch {
	case err == nil:
		return setupErrorf("the table %s takes two users of one id: its column %s needs a unique index, alone or with the columns of Where", p.table, p.layout.id)
	case p.isRefusal(err):
		return nil
	}
	return err
}

// isRefusal reports whether the database may do nothing but refuse these values, or
// this role.
func (s *Store) isRefusal(err error) bool {
	if err == nil || isAnswer(err) {
		return false
	}
	f := s.engine.classify(err)
	switch f.kind {
	case kindRefused, kindDuplicate, kindFailed, kindFailedOrLost:
		return !f.crossed
	}
	return false
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
	return err
}

// checkInsertedRow compares the row with the user that was sent.
func (p prober) checkInsertedRow(ctx context.Context, tx *sql.Tx, user userstore.User) error {
	got, err := p.read(ctx, tx, p.layout.assign(user.ID, user.Attributes.Scalars(), p.values))
	if err == nil && !got.CreatedAt.Equal(user.CreatedAt) {
		err = &mismatchError{columns: []string{p.layout.createdAt}}
	}
	if err != nil {
		return p.changes("inserted into", err)
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
	return p.changes("patched in", err)
}

// read reads the row, which must hold the assignment.
func (p prober) read(ctx context.Context, on session, a assignment) (userstore.User, error) {
	return p.layout.scanAssigned(on.QueryRowContext(ctx, p.texts.get, a.key()...), a)
}

// changes explains an error of read.
func (p prober) changes(done string, err error) error {
	advice := "a trigger, or a column's type or character set, does that (see Options.AllowRewrites)"
	if p.layout.mapped {
		advice = "a trigger, a view, or a column's type or character set, does that (see Options.AllowRewrites, and Mapping.BirthDateIsDate for a date)"
	}
	if mismatch, ok := errors.AsType[*mismatchError](err); ok {
		return setupErrorf("what is %s the table %s %v: %s", done, p.table, mismatch, advice)
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

// readerPatience is how long a read may take that should not have to wait.
const readerPatience = 5 * time.Second

// checkReaderIsFree reads on another connection before the row is committed: with a
// shared cache SQLite answers SQLITE_LOCKED, or the driver waits for the writer.
func (p prober) checkReaderIsFree(ctx context.Context) error {
	if !p.engine.needsTwoConns {
		return nil
	}
	return p.onSecondConn(ctx, func(ctx context.Context, second *sql.Conn) error {
		patient, cancel := context.WithTimeout(ctx, readerPatience)
		defer cancel()
		_, err := p.read(patient, second, byKey(probe.ID, p.values))
		if errors.Is(err, userstore.ErrNotFound) {
			return nil
		}
		kind := p.engine.classify(err).kind
		hadToWait := kind == kindConflict || kind == kindLocked || patient.Err() != nil && ctx.Err() == nil
		if err == nil || hadToWait {
			return setupErrorf("a reader sees what is not committed, or has to wait for the writer: open the database without cache=shared")
		}
		return err
	})
}

// removeProbe removes the probe, and reports an error if it was there.
func (p prober) removeProbe(ctx context.Context) error {
	key := byKey(probe.ID, p.values)
	_, err := p.read(ctx, p.conn, key)
	if errors.Is(err, userstore.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := p.conn.ExecContext(ctx, p.texts.delete, key.args...); err != nil {
		return err
	}
	return setupErrorf("a transaction that was rolled back has left its row in the table %s: the driver, or the table's storage engine, does not keep transactions", p.table)
}
