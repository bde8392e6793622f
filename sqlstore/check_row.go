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

// probe is a user that no Store can create, since its id is nil. bareProbe is the
// same without values that a constraint may refuse.
var (
	probe = userstore.User{CreatedAt: bareProbe.CreatedAt, Attributes: userstore.Attributes{
		FirstName: userstore.Value(""),
		LastName:  userstore.Value(probeText),
		Address: userstore.Value(userstore.Address{
			HouseNo:    userstore.Value(userstore.Int(18)),
			PostalCode: userstore.Value(userstore.Text("01067")),
		}),
	}}
	bareProbe = userstore.User{CreatedAt: time.Unix(0, 123456000).UTC()}
)

// checkRow inserts a probe and rolls that back. If the probe is refused, by a
// constraint or for lack of a right, transactions at least work.
func (s *Store) checkRow(ctx context.Context, conn *sql.Conn) error {
	err := s.tryRow(ctx, conn, probe)
	if s.isRefusal(err) {
		err = s.tryRow(ctx, conn, bareProbe)
	}
	switch {
	case s.isRefusal(err):
		return nil
	case err != nil && s.engine.classify(err).kind == kindDuplicate:
		err = nil // an earlier check has left the probe
	case err != nil && !isAnswer(err):
		return err
	}
	return cmp.Or(s.removeProbe(ctx, conn), err)
}

func (s *Store) isRefusal(err error) bool {
	if err == nil || isAnswer(err) {
		return false
	}
	f := s.engine.classify(err)
	return !f.crossed && (f.kind == kindRefused || f.kind == kindFailed || f.kind == kindFailedOrLost)
}

// tryRow inserts the user, checks the row, and rolls back.
func (s *Store) tryRow(ctx context.Context, conn *sql.Conn, user userstore.User) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.texts.insert, insertArgs(user, s.engine.timeLayout)...)
	switch {
	case err == nil:
		err = s.checkInsertedRow(ctx, tx, user)
	case s.engine.classify(err).readOnly:
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

func (s *Store) checkInsertedRow(ctx context.Context, tx *sql.Tx, user userstore.User) error {
	if !s.opts.AllowRewrites {
		if err := s.checkRowHolds(ctx, tx, user); err != nil {
			return err
		}
	}
	return s.checkReaderIsFree(ctx)
}

// checkRowHolds compares the row with the user that was sent.
func (s *Store) checkRowHolds(ctx context.Context, tx *sql.Tx, user userstore.User) error {
	sent := assign(user.ID, user.Attributes.Scalars())
	got, err := scanAssigned(tx.QueryRowContext(ctx, s.texts.get, user.ID.String()), sent)
	if err == nil && !got.CreatedAt.Equal(user.CreatedAt) {
		err = &mismatchError{columns: []string{"created_at"}}
	}
	const advice = "a trigger, or a column's type or character set, does that (see Options.AllowRewrites)"
	if mismatch, ok := errors.AsType[*mismatchError](err); ok {
		return setupErrorf("what is inserted into the table %s %v: %s", s.table, mismatch, advice)
	}
	if errors.Is(err, userstore.ErrNotFound) {
		return setupErrorf("what is inserted into the table %s is not there: %s", s.table, advice)
	}
	if text, ok := user.Attributes.LastName.Get(); ok && err == nil {
		return s.checkLength(ctx, tx, user.ID, text)
	}
	return err
}

// checkLength has the database measure the text in last_name.
func (s *Store) checkLength(ctx context.Context, tx *sql.Tx, id uuid.UUID, text string) error {
	var length sql.Null[string]
	if err := tx.QueryRowContext(ctx, s.texts.measure, id.String()).Scan(&length); err != nil {
		return err
	}
	if length.V != s.engine.echo.lengthOf(text) {
		return setupErrorf("the table %s keeps other characters than are sent: look at the character sets of its columns", s.table)
	}
	return nil
}

// readerPatience is how long a read may take that should not have to wait.
const readerPatience = 5 * time.Second

// checkReaderIsFree reads on another connection before the row is committed: with a
// shared cache SQLite answers SQLITE_LOCKED, or the driver waits for the writer.
func (s *Store) checkReaderIsFree(ctx context.Context) error {
	if !s.engine.needsTwoConns {
		return nil
	}
	return s.onSecondConn(ctx, func(ctx context.Context, second *sql.Conn) error {
		patient, cancel := context.WithTimeout(ctx, readerPatience)
		defer cancel()
		_, err := scanUser(second.QueryRowContext(patient, s.texts.get, probe.ID.String()))
		if errors.Is(err, userstore.ErrNotFound) {
			return nil
		}
		kind := s.engine.classify(err).kind
		hadToWait := kind == kindConflict || kind == kindLocked || patient.Err() != nil && ctx.Err() == nil
		if err == nil || hadToWait {
			return setupErrorf("a reader sees what is not committed, or has to wait for the writer: open the database without cache=shared")
		}
		return err
	})
}

// removeProbe removes the probe, and reports an error if it was there.
func (s *Store) removeProbe(ctx context.Context, conn *sql.Conn) error {
	_, err := scanUser(conn.QueryRowContext(ctx, s.texts.get, probe.ID.String()))
	if errors.Is(err, userstore.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, s.texts.delete, probe.ID.String()); err != nil {
		return err
	}
	return setupErrorf("a transaction that was rolled back has left its row in the table %s: the driver, or the table's storage engine, does not keep transactions", s.table)
}
