package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"slices"

	"github.com/userrecord/userrecord/userstore"
)

// manyRows is how many rows an INSERT of CreateAll has at most: about 2,000 arguments, where
// SQLite takes 32,766 and the others 65,535.
const manyRows = 100

// CreateAll adds the users as [Tx.Create] adds each, but 100 with a statement, which
// takes a fraction of the time. The errors are those of Create and do not tell the
// user; whatever the error, roll back, since some of the users may have been added.
func (t *Tx) CreateAll(ctx context.Context, users []userstore.User) error {
	if err := ctx.Err(); err != nil || len(users) == 0 {
		return err
	}
	values, err := t.store.layout.values(ctx)
	if err != nil {
		return err
	}
	// Both are prepared before the first write of this call: see updateAndRead.
	var rest statement
	if n := len(users) % manyRows; n > 0 {
		if rest, err = t.prepareInsert(ctx, n); err != nil {
			return t.explain(ctx, "create", err)
		}
		defer rest.close()
	}
	if len(users) >= manyRows && t.insertMany == nil {
		many, err := t.prepareInsert(ctx, manyRows)
		if err != nil {
			return t.explain(ctx, "create", err)
		}
		t.insertMany = &many // until the transaction ends
	}
	var args []any // of each statement in turn
	for some := range slices.Chunk(inOrder(users), manyRows) {
		insert := &rest
		if len(some) == manyRows {
			insert = t.insertMany
		}
		if args, err = t.store.appendRows(args[:0], some, values); err != nil {
			return err
		}
		if err := t.insertRows(ctx, insert, some, values, args); err != nil {
			return err
		}
	}
	return nil
}

// inOrder sorts by id: so each page of the index is visited once, and two transactions
// lock in the same order.
func inOrder(users []userstore.User) []*userstore.User {
	sorted := make([]*userstore.User, len(users))
	for i := range users {
		sorted[i] = &users[i]
	}
	slices.SortFunc(sorted, func(a, b *userstore.User) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return sorted
}

func (t *Tx) prepareInsert(ctx context.Context, rows int) (statement, error) {
	return command{text: t.store.texts.writeInsertMany(rows)}.prepareOn(ctx, t.tx)
}

// insertRows runs a statement of as many rows as there are users.
func (t *Tx) insertRows(ctx context.Context, insert *statement, users []*userstore.User, values, args []any) error {
	t.last = users[0].ID
	result, err := insert.exec(ctx, args...)
	if err == nil {
		err = t.checkAllInserted(ctx, users, values, result)
	}
	if err != nil {
		return t.explain(ctx, "create", err)
	}
	return nil
}

// appendRows appends the arguments of the rows of the users.
func (s *Store) appendRows(args []any, users []*userstore.User, values []any) ([]any, error) {
	for _, user := range users {
		canonical, err := user.Canonical()
		if err != nil {
			return nil, err
		}
		scalars := canonical.Attributes.Scalars()
		if err := s.layout.refuse(&scalars); err != nil {
			return nil, err
		}
		args = s.layout.appendRow(args, canonical, s.engine.timeLayout, values)
	}
	return args, nil
}

// checkAllInserted is checkInserted for many rows.
func (t *Tx) checkAllInserted(ctx context.Context, users []*userstore.User, values []any, result sql.Result) error {
	n, err := result.RowsAffected()
	if err != nil || n == int64(len(users)) || t.store.opts.AllowRewrites {
		return err
	}
	for _, user := range users {
		if err := t.store.findInserted(ctx, t.tx, byKey(user.ID, values)); err != nil {
			return err
		}
	}
	return nil
}
