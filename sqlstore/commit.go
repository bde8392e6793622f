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
type work func(context.Context, session) (userstore.User, error)

// commit runs the work in the engine's commit mode.
func (s *Store) commit(ctx context.Context, work work) (userstore.User, error) {
	switch s.engine.commitMode {
	case commitStatement:
		return commitAsStatement(ctx, s, work)
	case commitGroup:
		return s.group.commit(ctx, work)
	default:
		return commitAsTransaction(ctx, s, work)
	}
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
