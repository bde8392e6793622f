package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/userrecord/userrecord/userstore"
)

// A batch is the turns that share a transaction.
type batch struct {
	own    *turn // the leader's
	others []*turn
}

// lead writes own, and the turns that are waiting by then, in one transaction. It
// sets what came of each, and returns what own has to do next, as it tells the
// others.
func (g *group) lead(ctx context.Context, own *turn) (next turnStep) {
	b := batch{own: own}
	next = stepDone // should the driver panic
	defer func() {
		for _, t := range b.others {
			t.next <- next
		}
	}()
	err := g.store.withConn(ctx, func(conn *sql.Conn) error { return g.commitBatch(ctx, conn, &b) })
	next = g.settle(&b, err)
	return next
}

func (g *group) commitBatch(ctx context.Context, conn *sql.Conn, b *batch) error {
	// Until the lock is taken, there are no other turns in the batch, and this
	// caller may give up.
	tx, cancel, err := g.writeOwn(ctx, conn, b.own)
	defer cancel()
	if err != nil {
		return err
	}
	if err := g.writeLocked(conn, tx, b); err != nil {
		return rollBack(b.own.ctx, tx, err)
	}
	return commitTx(b.own.ctx, conn, tx)
}

// writeLocked does what is left to do once the write lock is taken.
func (g *group) writeLocked(conn *sql.Conn, tx *sql.Tx, b *batch) (err error) {
	if b.own.readsFirst {
		if b.own.user, err = b.own.runOn(b.own.ctx, conn, tx); err != nil {
			return err
		}
	}
	if b.own.alone {
		return nil
	}
	return g.writeOthers(tx, b)
}

// writeOthers adds the waiting turns to the batch until none is left, or the batch
// is full.
func (g *group) writeOthers(tx *sql.Tx, b *batch) error {
	for {
		arrived := g.takeWaiting(maxGroup - 1 - len(b.others))
		if len(arrived) == 0 {
			return nil
		}
		b.others = append(b.others, arrived...)
		if err := writeInSavepoints(tx, arrived); err != nil {
			return err
		}
	}
}

// settle sets what came of the turns of a transaction that ended with err, and
// returns their next step. If one turn spoiled the transaction for all, as by a
// constraint that is checked at COMMIT, each does its write alone.
func (g *group) settle(b *batch, err error) turnStep {
	if err != nil && len(b.others) > 0 && !g.store.engine.classifySent(err).kind.isUnknown() {
		return stepAlone
	}
	b.own.settle(err)
	for _, t := range b.others {
		t.settle(err)
	}
	return stepDone
}

func (t *turn) settle(err error) {
	if err == nil {
		err = t.refusal
	}
	t.err = err
	if err != nil {
		t.user = userstore.User{}
	}
}

// errGone reports that the engine has ended the transaction by itself.
var errGone = errors.New("sqlstore: the transaction has ended early")

// errInterrupted is the error of turns in a transaction that a panic cuts off.
var errInterrupted error = sentError{errGone, ReachCommit}

// writeInSavepoints does the writes, so that a failing one undoes only itself. It
// returns errGone if the engine ended the transaction instead.
func writeInSavepoints(tx *sql.Tx, turns []*turn) error {
	for _, t := range turns {
		t.err = errInterrupted
	}
	for _, t := range turns {
		if err := writeInSavepoint(tx, t); err != nil {
			return errors.Join(errGone, err)
		}
	}
	return nil
}

func writeInSavepoint(tx *sql.Tx, t *turn) error {
	if _, err := tx.ExecContext(t.ctx, "SAVEPOINT turn"); err != nil {
		return err
	}
	t.user, t.refusal = t.run(t.ctx, tx)
	end := "RELEASE turn"
	if t.refusal != nil {
		end = "ROLLBACK TO turn; RELEASE turn"
	}
	_, err := tx.ExecContext(t.ctx, end)
	return err
}
