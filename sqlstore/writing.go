package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"
)

// A writing is the way in which an engine's writes are carried out.
type writing struct {
	// run calls work in what it commits afterwards.
	run func(ctx context.Context, s *Store, work work) (reach, error)
	// returning tells that UPDATE returns the row.
	returning bool
	// inLanes tells that each write needs a connection of its own; see [lanes].
	inLanes bool
}

// work is one write. It may be called again after a failure.
type work func(context.Context, session) error

var (
	// autocommit lets every statement commit itself, so that work must be one.
	autocommit = writing{run: runAutocommit, returning: true, inLanes: true}
	// transaction puts work into a transaction of its own.
	transaction = writing{run: runTransaction, inLanes: true}
	// grouped puts work into a transaction with that of others; see [group].
	grouped = writing{run: runGrouped, returning: true}
)

func runAutocommit(ctx context.Context, s *Store, work work) (reach, error) {
	got := notSent
	err := s.onConn(ctx, func(conn *sql.Conn) error {
		got = sent
		ctx, stop := withGrace(ctx)
		defer stop()
		return work(ctx, conn)
	})
	return got, err
}

func runTransaction(ctx context.Context, s *Store, work work) (reach, error) {
	got := notSent
	err := s.onConn(ctx, func(conn *sql.Conn) error {
		ctx, stop := withGrace(ctx)
		defer stop()
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := work(ctx, tx); err != nil {
			return rolledBack(ctx, tx, err)
		}
		// Commit would not send a thing.
		if err := ctx.Err(); err != nil {
			return rolledBack(ctx, tx, err)
		}
		got = committing
		return commit(ctx, conn, tx)
	})
	return got, err
}

// begin begins a transaction that the end of ctx can stop only while it is
// waiting to begin. The transaction is over when cancel is called.
func begin(ctx context.Context, conn *sql.Conn) (tx *sql.Tx, cancel context.CancelFunc, err error) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	tx, err = conn.BeginTx(late, nil)
	return tx, cancel, err
}

// commit commits tx, which is on conn. A COMMIT that fails may leave the
// transaction open, as in SQLite, where database/sql takes it for ended.
func commit(ctx context.Context, conn *sql.Conn, tx *sql.Tx) error {
	err := inTime(ctx, tx, (*sql.Tx).Commit)
	if err == nil || errors.As(err, new(errStuck)) {
		return err
	}
	if _, undo := conn.ExecContext(ctx, "ROLLBACK"); undo != nil {
		return errDropped{err}
	}
	return err
}

func runGrouped(ctx context.Context, s *Store, work work) (reach, error) {
	return s.group.do(ctx, work)
}

// errDropped says that the connection must not be used again.
type errDropped struct{ error }

func (e errDropped) Unwrap() error { return e.error }

// abandon closes the driver's connection, and with it the transaction. The
// methods of [sql.Conn] would wait for the one in which the driver panicked.
func abandon(conn *sql.Conn) {
	_ = conn.Raw(func(driverConn any) error {
		_ = driverConn.(driver.Conn).Close()
		return driver.ErrBadConn
	})
}

// discard closes the connection for good, once no call is in it.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}

// errUnreached says that there was no connection.
type errUnreached struct{ error }

func (e errUnreached) Unwrap() error { return e.error }

// rolledBack returns err after a rollback. Where that fails, so that the
// transaction may still be open, the connection is given up; also where
// database/sql has rolled back at the end of a context, and tells nobody how that
// went.
func rolledBack(ctx context.Context, tx *sql.Tx, err error) error {
	undo := inTime(ctx, tx, (*sql.Tx).Rollback)
	switch {
	case errors.As(undo, new(errStuck)):
		return errStuck{err}
	case undo != nil:
		return errDropped{err}
	}
	return err
}

// errStuck says that the connection is in use by a call that has not returned.
type errStuck struct{ error }

func (e errStuck) Unwrap() error { return e.error }

// inTime ends tx by end, and waits for that only until ctx ends: database/sql
// passes no context to the driver there, and the server may hang.
func inTime(ctx context.Context, tx *sql.Tx, end func(*sql.Tx) error) error {
	if ctx.Done() == nil {
		return end(tx)
	}
	ended := make(chan ending, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				ended <- ending{panicked: p}
			}
		}()
		ended <- ending{err: end(tx)}
	}()
	select {
	case e := <-ended:
		if e.panicked != nil {
			panic(e.panicked)
		}
		return e.err
	case <-ctx.Done():
		return errStuck{ctx.Err()}
	}
}

type ending struct {
	err      error
	panicked any
}

// onConn calls do with a connection, and gives that up where it is of no more
// use.
func (s *Store) onConn(ctx context.Context, do func(*sql.Conn) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return errUnreached{err}
	}
	later := abandon // should the driver panic
	defer func() {
		if later != nil {
			go later(conn)
			return
		}
		conn.Close()
	}()
	err = do(conn)
	later = nil
	switch {
	case err == nil:
	case errors.As(err, new(errStuck)):
		later = discard
	case s.spoils(err):
		discard(conn)
	}
	return err
}

// spoils reports whether a connection is of no more use after err.
func (s *Store) spoils(err error) bool {
	if errors.As(err, new(errDropped)) {
		return true
	}
	if isAnswer(err) {
		return false
	}
	f := s.dialect.diagnose(err)
	return f.broken || f.verdict == unavailable || f.verdict == lost || f.verdict == mismatched
}

// grace is for how long a statement that was sent goes on after its context has
// ended.
const grace = time.Second

// withGrace returns a context that ends later than ctx by the grace.
func withGrace(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Done() == nil {
		return ctx, func() {}
	}
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(grace, cancel)
		context.AfterFunc(late, func() { timer.Stop() })
	})
	return late, func() {
		stop()
		cancel()
	}
}
