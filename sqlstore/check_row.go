package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// checkRow inserts a probe, patches it, clears it, and rolls that back. What a
// constraint, or the lack of a right, keeps from being tried so is tried by parts.
func (p prober) checkRow(ctx context.Context) error {
	first, second := p.layout.fit(probe), p.layout.fit(patchedProbe).Attributes.Scalars()
	err := p.try(ctx, inserting(first), second, cleared(second))
	if p.isRefusal(err) {
		return p.checkParts(ctx)
	}
	if err == nil {
		var unproved []userstore.Problem
		if unproved, err = p.checkIdentity(ctx, inserting(first), nil); err == nil {
			p.unproved.Store(&unproved)
		}
	}
	if err != nil && !isAnswer(err) {
		return err
	}
	return cmp.Or(p.removeProbe(ctx), err)
}

// isRefusal reports whether the database may do nothing but refuse these values, or
// this role.
func (s *Store) isRefusal(err error) bool {
	if err == nil || isAnswer(err) {
		return false
	}
	f := s.engine.classify(err)
	switch f.kind {
	case kindRefused, kindDuplicate, kindFailed, kindFailedOrLost:
		return !f.crossed
	}
	return false
}

// readerPatience is how long a read may take that should not have to wait.
const readerPatience = 5 * time.Second

// checkReaderIsFree reads on another connection before the row is committed: with a
// shared cache SQLite answers SQLITE_LOCKED, or the driver waits for the writer.
func (p prober) checkReaderIsFree(ctx context.Context) error {
	if !p.engine.needsTwoConns {
		return nil
	}
	return p.onSecondConn(ctx, func(ctx context.Context, second *sql.Conn) error {
		patient, cancel := context.WithTimeout(ctx, readerPatience)
		defer cancel()
		_, err := p.read(patient, second, byKey(probe.ID, p.values))
		if errors.Is(err, userstore.ErrNotFound) {
			return nil
		}
		kind := p.engine.classify(err).kind
		hadToWait := kind == kindConflict || kind == kindLocked || patient.Err() != nil && ctx.Err() == nil
		if err == nil || hadToWait {
			return setupErrorf("a reader sees what is not committed, or has to wait for the writer: open the database without cache=shared")
		}
		return err
	})
}

// removeProbe removes the probe, and reports an error if it was there.
func (p prober) removeProbe(ctx context.Context) error {
	key := byKey(probe.ID, p.values)
	_, err := p.read(ctx, p.conn, key)
	if errors.Is(err, userstore.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := p.conn.ExecContext(ctx, p.texts.delete, key.args...); err != nil {
		return err
	}
	return setupErrorf("a transaction that was rolled back has left its row in the table %s: the driver, or the table's storage engine, does not keep transactions", p.table)
}
