package sqlstore

import (
	"bytes"
	"context"
	"slices"

	"github.com/userrecord/userrecord/userstore"
)

// manyRows is how many rows an INSERT of CreateAll has at most: 2,000 arguments, where
// SQLite takes 32,766 and the others 65,535.
const manyRows = 100

// CreateAll adds the users as [Tx.Create] adds each, but 100 with a statement, which
// takes a fraction of the time. The errors are those of Create and do not tell the
// user; whatever the error, roll back, since some of the users may have been added.
func (t *Tx) CreateAll(ctx context.Context, users []userstore.User) error {
	if err := ctx.Err(); err != nil || len(users) == 0 {
		return err
	}
	// Both are prepared before the first write: see updateAndRead.
	many, err := t.prepareInsert(ctx, min(len(users), manyRows))
	if err != nil {
		return t.explain(ctx, "create", err)
	}
	defer many.close()
	rest := many
	if n := len(users) % manyRows; n > 0 && len(users) > manyRows {
		if rest, err = t.prepareInsert(ctx, n); err != nil {
			return t.explain(ctx, "create", err)
		}
		defer rest.close()
	}
	for some := range slices.Chunk(inOrder(users), manyRows) {
		insert := many
		if len(some) < manyRows {
			insert = rest
		}
		if err := t.insertRows(ctx, insert, some); err != nil {
			return err
		}
	}
	return nil
}

// inOrder sorts by id: so each page of the index is visited once, and two transactions
// lock in the same order.
func inOrder(users []userstore.User) []userstore.User {
	return slices.SortedFunc(slices.Values(users), func(a, b userstore.User) int { return bytes.Compare(a.ID[:], b.ID[:]) })
}

func (t *Tx) prepareInsert(ctx context.Context, rows int) (statement, error) {
	return command{text: t.store.texts.writeInsertMany(rows)}.prepareOn(ctx, t.tx)
}

// insertRows runs a statement of as many rows as there are users.
func (t *Tx) insertRows(ctx context.Context, insert statement, users []userstore.User) error {
	var args []any
	for _, user := range users {
		t.last = user.ID
		user, err := user.Canonical()
		if err != nil {
			return err
		}
		args = append(args, insertArgs(user, t.store.engine.timeLayout)...)
	}
	result, err := insert.exec(ctx, args...)
	var n int64
	if err == nil {
		n, err = result.RowsAffected()
	}
	if err != nil {
		return t.explain(ctx, "create", err)
	}
	if n == int64(len(users)) || t.store.opts.AllowRewrites {
		return nil
	}
	// A trigger has left some out, or put them elsewhere.
	for _, user := range users {
		if err := t.store.findInserted(ctx, t.tx, user.ID); err != nil {
			return t.explain(ctx, "create", err)
		}
	}
	return nil
}
