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

// Transact calls do with a new transaction, in which the host's own tables change
// together with users, and commits it if do returns nil. Otherwise, or if do panics,
// it is rolled back. do must not end tx, and must use neither tx nor users after it
// returns.
//
// Transact retries as [Store.Patch] does, within the bounds of [Options.MaxRetries]:
// do may be called several times, each time in a new transaction in which nothing of
// the last one is left. So what do does elsewhere, such as sending a mail, may happen
// again, or without a commit; and do must set its results anew at each call. When
// Transact returns nil, the last call is the one that was committed.
//
// An error of the database that do returns, wrapped or not, from tx or from users,
// is treated as the same error of Patch: it is retried if that may help, and
// otherwise returned as an [*Error], which unwraps to what do returned. But a constraint
// that a statement of tx violates is no [userstore.ErrInvalid]: it may be that of an
// outbox. If it is for the client to mend, return [Store.Explain] of it. Any other
// error is returned as it is, [userstore.ErrInvalid] and [userstore.ErrNotFound]
// included. If COMMIT may or may not have taken effect, the error is
// [ErrOutcomeUnknown], and there is no retry, whatever [Options.ResendUnknown] is.
//
// do must return the error of every statement that fails: after some, the database has
// ended the transaction, and MySQL would commit each later statement by itself.
//
// The context of do ends a second after ctx: the statement under way is not cut off
// at once. While do runs, others may wait for it, on SQLite all other writers; there
// the transaction has the write lock from its beginning, so that it may read before it
// writes. So do should be quick, and call no method of the Store itself, which could
// wait for do.
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
