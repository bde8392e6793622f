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
		if err := t.insertRows(ctx, insert, some, values); err != nil {
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
func (t *Tx) insertRows(ctx context.Context, insert statement, users []userstore.User, values []any) error {
	t.last = users[0].ID
	args, err := t.store.rowsArgs(users, values)
	if err != nil {
		return err
	}
	result, err := insert.exec(ctx, args...)
	if err == nil {
		err = t.checkAllInserted(ctx, users, values, result)
	}
	if err != nil {
		return t.explain(ctx, "create", err)
	}
	return nil
}

func (s *Store) rowsArgs(users []userstore.User, values []any) (args []any, err error) {
	for _, user := range users {
		if user, err = user.Canonical(); err != nil {
			return nil, err
		}
		scalars := user.Attributes.Scalars()
		if err := s.layout.refuse(&scalars); err != nil {
			return nil, err
		}
		args = append(args, s.layout.insertArgs(user, s.engine.timeLayout, values)...)
	}
	return args, nil
}

// checkAllInserted is checkInserted for many rows.
func (t *Tx) checkAllInserted(ctx context.Context, users []userstore.User, values []any, result sql.Result) error {
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
