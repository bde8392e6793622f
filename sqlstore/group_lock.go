package sqlstore

import (
	"context"
	"database/sql"
	"time"
)

// Each caller waits for the write lock, which another process may hold, for
// busy_timeout since it arrived. The driver does that for the first leader only:
// a later one has waited before.

// lock begins a transaction and does the write of own, which takes the write
// lock. The transaction is over when cancel is called.
func (g *group) lock(ctx context.Context, conn *sql.Conn, own *turn) (tx *sql.Tx, cancel context.CancelFunc, err error) {
	patient, stop := own.patient(ctx)
	defer stop()
	tx, cancel, err = begin(patient, conn)
	begun := err == nil
	if begun {
		err = own.work(patient, tx)
	}
	locked := err != nil && !isAnswer(err) && (patient.Err() != nil || g.store.dialect.diagnose(err).verdict == waited)
	if locked && ctx.Err() == nil && patient.Err() != nil {
		err = errLocked{}
	}
	if begun && err != nil {
		err = rolledBack(own.ctx, tx, err)
	}
	switch {
	case !locked:
		own.patience = 0
	case own.patience == 0:
		own.patience = busyTimeout(ctx, conn)
	}
	return tx, cancel, err
}

// patient returns a context that ends with the patience of a turn.
func (t *turn) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	if t.patience == 0 {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, t.arrived.Add(t.patience))
}

// busyTimeout is for how long a connection waits for a lock; 0 if it does not
// tell.
func busyTimeout(ctx context.Context, conn *sql.Conn) time.Duration {
	var ms int64
	err := conn.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout").Scan(&ms)
	if err != nil {
		return 0
	}
	return time.Duration(ms) * time.Millisecond
}

// errLocked is SQLite's BUSY, for whoever has waited for it outside of SQLite.
type errLocked struct{}

func (errLocked) Error() string { return "sqlstore: another process held the write lock for too long" }

// Code returns SQLITE_BUSY.
func (errLocked) Code() int { return 5 }
