package sqlstore

import (
	"context"
	"database/sql"
	"errors"
)

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
	return sentError{err, ReachCommit}
}

// rollBack rolls back tx after err, and returns err. The connection must be given
// up if the rollback fails, since the transaction may still be open. That includes
// the case that database/sql rolls back because a context ended: it tells nobody
// whether that failed, or is still waiting for the server.
func rollBack(ctx context.Context, tx *sql.Tx, err error) error {
	undo := endTx(ctx, tx, (*sql.Tx).Rollback)
	switch {
	case errors.As(undo, new(errStuck)), errors.Is(undo, sql.ErrTxDone):
		return errStuck{err}
	case undo != nil:
		return errDropConn{err}
	}
	return err
}

// undo rolls back tx, and closes conn for good, while a panic passes. It does not wait
// for long: if the driver itself has panicked, it may hold a lock.
func undo(ctx context.Context, conn *sql.Conn, tx *sql.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if endTx(ctx, tx, (*sql.Tx).Rollback) == nil {
		discard(conn)
	}
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
