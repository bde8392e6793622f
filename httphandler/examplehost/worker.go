package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"
)

// An event is a row of the outbox.
type event struct {
	ID                               int64
	Tenant, Account, Action, Changed string
}

// A worker publishes the events of the outbox, those of one account in their order. It
// publishes an event again if the process dies in between, and so do two workers: who
// gets events knows them by their ids. One that cannot be published holds up all that
// follow, of every tenant, and is an ERROR in the log each second: somebody has to look.
type worker struct {
	db      database
	publish func(context.Context, event) error
	logger  *slog.Logger
}

// run publishes until ctx is done. After a failure it tries again a second later.
func (w worker) run(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := w.publishAll(ctx); err != nil && ctx.Err() == nil {
			w.logger.ErrorContext(ctx, "events wait in the outbox", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// publishAll publishes until the outbox is empty. It holds no lock meanwhile.
func (w worker) publishAll(ctx context.Context) error {
	for {
		var e event
		err := w.db.QueryRowContext(ctx, "SELECT event_id, tenant_id, account, action, changed FROM outbox ORDER BY event_id LIMIT 1").
			Scan(&e.ID, &e.Tenant, &e.Account, &e.Action, &e.Changed)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil {
			err = w.publish(ctx, e)
		}
		if err == nil {
			_, err = w.db.ExecContext(ctx, "DELETE FROM outbox WHERE event_id = $1", e.ID)
		}
		if err != nil {
			return err
		}
	}
}
