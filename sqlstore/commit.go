package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/userrecord/userrecord/userstore"
)

// A commitMode is how an engine's writes are committed.
type commitMode int

const (
	commitStatement   commitMode = iota // each statement commits itself, and a write is one
	commitTransaction                   // each write is a transaction
	commitGroup                         // concurrent writes share a transaction; see [group]
)

// usesLanes reports whether each write takes a connection of its own, so that
// [lanes] must bound them.
func (m commitMode) usesLanes() bool { return m != commitGroup }

// work is a write within a session. It may run again after a failure.
type work func(context.Context, session) (userstore.User, error)

// commit runs the work in the engine's commit mode.
func (s *Store) commit(ctx context.Context, work work) (userstore.User, error) {
	switch s.engine.commitMode {
	case commitStatement:
		return commitAsStatement(ctx, s, work)
	case commitGroup:
		return s.group.do(ctx, work)
	default:
		return commitAsTransaction(ctx, s, work)
	}
}

// A sentError is the error of a write that may have been committed.
type sentError struct {
	error
	reach reach
}

func (e sentError) Unwrap() error { return e.error }

// reach is how far a write got before its error.
type reach int

const (
	reachNone      reach = iota // nothing can have been committed
	reachStatement              // a statement that commits itself was sent
	reachCommit                 // COMMIT was sent
)

// sentTo returns a [sentError] for an error, and nil for none.
func sentTo(r reach, err error) error {
	if err == nil || r == reachNone {
		return err
	}
	return sentError{err, r}
}

// splitSent returns what a [sentError] holds, and any other error with reachNone.
func splitSent(err error) (error, reach) {
	if sent, ok := err.(sentError); ok {
		return sent.error, sent.reach
	}
	return err, reachNone
}

func commitAsStatement(ctx context.Context, s *Store, work work) (userstore.User, error) {
	return onConn(ctx, s, func(conn *sql.Conn) (userstore.User, error) {
		ctx, stop := withGrace(ctx)
		defer stop()
		user, err := work(ctx, conn)
		return user, sentTo(reachStatement, err)
	})
}

func commitAsTransaction(ctx context.Context, s *Store, work work) (userstore.User, error) {
	return onConn(ctx, s, func(conn *sql.Conn) (userstore.User, error) {
		ctx, stop := withGrace(ctx)
		defer stop()
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return userstore.User{}, err
		}
		user, err := work(ctx, tx)
		if err == nil {
			err = ctx.Err() // with which Commit would send nothing
		}
		if err != nil {
			return userstore.User{}, rollBack(ctx, tx, err)
		}
		return user, commitTx(ctx, conn, tx)
	})
}

// begin begins a transaction. The end of ctx stops it only while it waits to begin;
// cancel ends it later.
func begin(ctx context.Context, conn *sql.Conn) (tx *sql.Tx, cancel context.CancelFunc, err error) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	tx, err = conn.BeginTx(late, nil)
	return tx, cancel, err
}

// commitTx commits tx, which is on conn. Where COMMIT fails, database/sql takes the
// transaction for ended, but an engine such as SQLite may keep it open: so it is
// rolled back.
func commitTx(ctx context.Context, conn *sql.Conn, tx *sql.Tx) error {
	err := endTx(ctx, tx, (*sql.Tx).Commit)
	if err == nil {
		return nil
	}
	if !errors.As(err, new(errStuck)) {
		if _, undo := conn.ExecContext(ctx, "ROLLBACK"); undo != nil {
			err = errDropConn{err}
		}
	}
	return sentError{err, reachCommit}
}

// rollBack rolls back tx after err, and returns err. The connection must be given
// up if the rollback fails, since the transaction may still be open. That includes
// the case that database/sql has rolled back because a context ended: it tells
// nobody whether that failed.
func rollBack(ctx context.Context, tx *sql.Tx, err error) error {
	undo := endTx(ctx, tx, (*sql.Tx).Rollback)
	switch {
	case errors.As(undo, new(errStuck)):
		return errStuck{err}
	case undo != nil:
		return errDropConn{err}
	}
	return err
}

// endTx calls end, which is Commit or Rollback, and waits for it only until ctx
// ends: database/sql passes the driver no context there, and the server may hang.
func endTx(ctx context.Context, tx *sql.Tx, end func(*sql.Tx) error) error {
	if ctx.Done() == nil {
		return end(tx)
	}
	type result struct {
		err      error
		panicked any
	}
	ended := make(chan result, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				ended <- result{panicked: p}
			}
		}()
		ended <- result{err: end(tx)}
	}()
	select {
	case r := <-ended:
		if r.panicked != nil {
			panic(r.panicked)
		}
		return r.err
	case <-ctx.Done():
		return errStuck{ctx.Err()}
	}
}
