package sqlstore

import (
	"context"
	"database/sql"

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
type work struct {
	run        func(context.Context, session) (userstore.User, error)
	readsFirst bool // so it needs a transaction, and on SQLite the write lock first
	alone      bool // shares its transaction with no other work
}

// commit runs the work in the engine's commit mode.
func (s *Store) commit(ctx context.Context, work work) (userstore.User, error) {
	switch mode := s.engine.commitMode; {
	case mode == commitGroup:
		return s.group.commit(ctx, work)
	case mode == commitStatement && !work.readsFirst:
		return commitAsStatement(ctx, s, work)
	default:
		return commitAsTransaction(ctx, s, work)
	}
}

func commitAsStatement(ctx context.Context, s *Store, work work) (userstore.User, error) {
	return onConn(ctx, s, func(conn *sql.Conn) (userstore.User, error) {
		ctx, stop := withGrace(ctx)
		defer stop()
		user, err := work.run(ctx, conn)
		return user, sentTo(ReachStatement, err)
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
		user, err := s.lockAndRun(ctx, conn, tx, work)
		if err == nil {
			err = ctx.Err() // with which Commit would send nothing
		}
		if err != nil {
			return userstore.User{}, s.withColumns(ctx, conn, rollBack(ctx, tx, err))
		}
		return user, commitTx(ctx, conn, tx)
	})
}

func (s *Store) lockAndRun(ctx context.Context, conn *sql.Conn, tx *sql.Tx, work work) (userstore.User, error) {
	if work.readsFirst {
		if err := s.takeWriteLock(ctx, tx); err != nil {
			return userstore.User{}, err
		}
	}
	return work.runOn(ctx, conn, tx)
}

// runOn runs the work in tx, which is on conn. If a function of the host's panics, or
// ends the goroutine, that goes on after a rollback.
func (w work) runOn(ctx context.Context, conn *sql.Conn, tx *sql.Tx) (userstore.User, error) {
	returned := false
	defer func() {
		if !returned && w.alone {
			undo(ctx, conn, tx)
		}
	}()
	user, err := w.run(ctx, tx)
	returned = true
	return user, err
}

// takeWriteLock takes SQLite's write lock, and does nothing with other engines. A
// transaction that has read cannot write any more once another one has.
func (s *Store) takeWriteLock(ctx context.Context, tx *sql.Tx) error {
	if s.texts.takeLock == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, s.texts.takeLock)
	return err
}
