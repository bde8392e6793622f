package sqlstore

import (
	"cmp"
	"context"
	"database/sql"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// TransactFunc is what [Store.Transact] does in a transaction.
type TransactFunc = func(ctx context.Context, tx *sql.Tx, users *Tx) error

// Transact calls the function with a new transaction, in which the host's own tables
// change together with users, and commits it if the function returns nil. If it returns
// an error or panics, the transaction is rolled back. The function must not end tx, and
// must use neither tx nor users after it returns.
//
// Transact retries as [Store.Patch] does, within the bounds of [Options.MaxRetries]: the
// function may be called several times, each time in a new transaction in which nothing
// of the last one is left. So whatever it does outside the database, such as sending a
// mail, may happen more than once, or without a commit; and it must set its results anew
// at each call. When Transact returns nil, the last call is the one that was committed.
//
// If the function returns an error of the database, wrapped or not, from tx or from
// users, that is treated as the same error of Patch: it is retried if that may help, and
// otherwise returned as an [*Error], which unwraps to what the function returned. But a
// constraint that a statement of tx violates is no [userstore.ErrInvalid]: it may be that
// of an outbox. If the client can correct it, return [Store.Explain] of it. Any other
// error is returned as it is, [userstore.ErrInvalid] and [userstore.ErrNotFound]
// included. If COMMIT may or may not have taken effect, the error is
// [ErrOutcomeUnknown], and there is no retry, whatever [Options.ResendUnknown] is.
//
// The function must return the error of every statement that fails: after some, the
// database has ended the transaction, and MySQL would commit each later statement by
// itself.
//
// The function's context ends a second after ctx, so that the statement under way is not
// cut off at once. Others may wait while it runs, on SQLite all other writers; there the
// transaction has the write lock from its beginning, so that it may read before it
// writes. So the function should be quick, and should call no method of the Store itself:
// that call could wait for this transaction.
//
// The isolation level is the connection's default. To change what you have read, read
// it with [Tx.GetForUpdate], or set the level to serializable there. On PostgreSQL,
// only a transaction that writes a user switches synchronous_commit back on behind a
// pooler. For a Galera cluster, see [Store.WithTx].
func (s *Store) Transact(ctx context.Context, do TransactFunc) error {
	t := transaction{store: s, do: do}
	_, err := retry(ctx, s, call{op: "transact", needs: readyToWrite}, func() (userstore.User, error) { return t.attempt(ctx) })
	return err
}

// A transaction is a call of [Store.Transact].
type transaction struct {
	store  *Store
	do     TransactFunc
	failed bool      // an attempt has failed
	last   uuid.UUID // the last user that it was about
}

// attempt begins, does and commits. After a failure it first waits for a lane, so that
// those who conflict take turns: that of the user for which it may have failed, or of
// no user.
func (t *transaction) attempt(ctx context.Context) (_ userstore.User, err error) {
	s := t.store
	if t.failed && s.engine.commitMode.usesLanes() {
		id := t.last
		began, waiting := s.lanes.enter(ctx, id)
		if waiting != nil {
			return userstore.User{}, waiting
		}
		defer func() { s.lanes.leave(id, began, s.widestLane(err), s.sharedError(err)) }()
	}
	t.failed = true
	run := func(_ context.Context, on session) (userstore.User, error) {
		return userstore.User{}, t.run(ctx, on.(*sql.Tx))
	}
	return s.commit(ctx, work{run: run, readsFirst: true, alone: true})
}

// run calls do in the transaction.
func (t *transaction) run(ctx context.Context, tx *sql.Tx) error {
	users := t.store.WithTx(tx)
	ctx, stop := withGrace(ctx)
	defer stop()
	defer func() { t.last = users.last }()
	return cmp.Or(ofHost(t.do(ctx, tx, users)), ctx.Err())
}
