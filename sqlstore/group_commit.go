package sqlstore

import (
	"context"
	"database/sql"
	"errors"
)

// lead does the write of own and of those who wait, and sets what came of each;
// or it says that each has to do its own alone.
func (g *group) lead(ctx context.Context, own *turn) (apart bool) {
	var others []*turn
	defer func() {
		next := done
		if apart {
			next = alone
		}
		for _, t := range others {
			t.next <- next
		}
	}()
	got := notSent
	err := g.store.onConn(ctx, func(conn *sql.Conn) error {
		// So far nobody else is concerned, and this caller may give up while
		// it waits for the lock.
		tx, cancel, err := g.lock(ctx, conn, own)
		defer cancel()
		if err != nil {
			return err
		}
		for arrived := g.take(maxGroup - 1); len(arrived) > 0; arrived = g.take(maxGroup - 1 - len(others)) {
			others = append(others, arrived...)
			if err := inSavepoints(tx, arrived); err != nil {
				return rolledBack(own.ctx, tx, err)
			}
		}
		got = committing
		return commit(own.ctx, conn, tx)
	})
	return g.settle(own, others, got, err)
}

// settle sets what came of the writes of a transaction that ended with err. Where
// somebody spoiled it for all, as by a constraint that is checked at COMMIT, each
// has to do its own alone.
func (g *group) settle(own *turn, others []*turn, got reach, err error) (apart bool) {
	unknown := err != nil && g.store.dialect.diagnose(err).verdict.at(got).isUnknown()
	if err != nil && !unknown && len(others) > 0 {
		return true
	}
	for _, t := range append([]*turn{own}, others...) {
		t.got, t.err = got, err
		if err == nil {
			t.got, t.err = notSent, t.refusal
		}
	}
	return false
}

// errGone says that the engine has ended the transaction by itself.
var errGone = errors.New("sqlstore: the transaction has ended early")

// inSavepoints does the writes, so that one that fails takes back only itself.
// Where the engine ended the transaction instead, it returns errGone.
func inSavepoints(tx *sql.Tx, turns []*turn) error {
	for _, t := range turns {
		t.got, t.err = committing, errGone // should this goroutine not get further
	}
	for _, t := range turns {
		if _, err := tx.ExecContext(t.ctx, "SAVEPOINT turn"); err != nil {
			return errors.Join(errGone, err)
		}
		t.refusal = t.work(t.ctx, tx)
		end := "RELEASE turn"
		if t.refusal != nil {
			end = "ROLLBACK TO turn; RELEASE turn"
		}
		if _, err := tx.ExecContext(t.ctx, end); err != nil {
			return errors.Join(errGone, err)
		}
	}
	return nil
}
