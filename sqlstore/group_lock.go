package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// Another process may hold the write lock. Each caller waits for it for
// busy_timeout since its own arrival. The driver does that for the first leader
// only, since later ones have been waiting already: they wait with a deadline.

// writeOwn begins a transaction and does the write of own, which takes the write
// lock; if that would read first, writeOwn only takes the lock. The caller must call cancel, which ends the transaction if it is still open.
func (g *group) writeOwn(ctx context.Context, conn *sql.Conn, own *turn) (tx *sql.Tx, cancel context.CancelFunc, err error) {
	patient, stop := own.withPatience(ctx)
	defer stop()
	tx, cancel, err = begin(patient, conn)
	began := err == nil
	if began {
		own.user, err = g.takeLock(patient, tx, own)
	}
	locked := g.isLocked(patient, err)
	if locked && patient.Err() != nil && ctx.Err() == nil {
		err = errLocked{}
	}
	if began && err != nil {
		err = rollBack(own.ctx, tx, err)
	}
	switch {
	case !locked:
		own.patience = 0
	case own.patience == 0:
		own.patience = busyTimeout(ctx, conn)
	}
	return tx, cancel, err
}

func (g *group) takeLock(ctx context.Context, tx *sql.Tx, own *turn) (userstore.User, error) {
	if own.readsFirst {
		return userstore.User{}, g.store.takeWriteLock(ctx, tx)
	}
	return own.run(ctx, tx)
}

// isLocked reports whether err says that the write lock was not free in time.
func (g *group) isLocked(patient context.Context, err error) bool {
	if err == nil || isAnswer(err) {
		return false
	}
	return patient.Err() != nil || g.store.engine.classify(err).kind == kindLocked
}

// withPatience returns a context that also ends when the turn's patience does.
func (t *turn) withPatience(ctx context.Context) (context.Context, context.CancelFunc) {
	if t.patience == 0 {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, t.arrived.Add(t.patience))
}

// busyTimeout asks how long the connection waits for a lock. It is 0 if there is no
// answer.
func busyTimeout(ctx context.Context, conn *sql.Conn) time.Duration {
	var ms int64
	err := conn.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout").Scan(&ms)
	if err != nil {
		return 0
	}
	return time.Duration(ms) * time.Millisecond
}

// errLocked is SQLite's BUSY for a caller that has waited for the lock here, rather
// than in SQLite.
type errLocked struct{}

func (errLocked) Error() string { return "sqlstore: another process held the write lock for too long" }

// Code returns SQLITE_BUSY.
func (errLocked) Code() int { return 5 }
