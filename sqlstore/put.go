package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// putAttempts bounds how often Put looks again for a user that others create and
// delete meanwhile, or that another unique value keeps out.
const putAttempts = 3

// Put makes the given record the user's, as [userstore.User.Canonical] makes it:
// an attribute that is omitted or null has no value afterwards. It returns the
// record.
//
// If the id is taken, Put updates the row in place: the host's own columns keep
// their values, and rows that refer to the user are not touched. A zero CreatedAt
// keeps the one that is there. If the id is not taken, Put inserts a row, and a zero
// CreatedAt becomes the current time.
//
// The errors are those of [Store.Create]. [userstore.ErrExists] means that a row has the
// id for which Mapping.Where does not hold, such as a deleted user's. Put writes
// no row but the one of that id: a value that another user already has, in the
// host's own unique index, is [userstore.ErrInvalid]. On MySQL and MariaDB, looking
// for an id that is not taken locks the gap around it, so that two transactions
// which put new users may deadlock: [ErrConflict].
func (t *Tx) Put(ctx context.Context, user userstore.User) (userstore.User, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, err
	}
	keepCreatedAt := user.CreatedAt.Truncate(time.Microsecond).IsZero()
	user, err := user.Canonical()
	if err != nil {
		return userstore.User{}, err
	}
	values, err := t.store.valuesFor(ctx, user)
	if err != nil {
		return userstore.User{}, err
	}
	t.last = user.ID
	for range putAttempts {
		put, done, err := t.replaceOrInsert(ctx, user, keepCreatedAt, values)
		if err != nil {
			return userstore.User{}, t.explain(ctx, "put", err)
		}
		if done {
			return put, nil
		}
	}
	return user, t.insertTaken(ctx, user, values)
}

// insertTaken inserts the user so that the database says what is taken: mostly not
// the id, which replace did not find.
func (t *Tx) insertTaken(ctx context.Context, user userstore.User, values []any) error {
	s := t.store
	result, err := t.tx.ExecContext(ctx, s.texts.insert, s.layout.insertArgs(user, s.engine.timeLayout, values)...)
	if err = s.checkInserted(ctx, t.tx, byKey(user.ID, values), result, err); err == nil {
		return nil
	}
	if s.layout.isID(s.engine.classify(err)) {
		if len(s.layout.where) > 0 {
			return userstore.ErrExists // a row that the conditions hide
		}
		return &Error{Op: "put", kind: kindConflict, class: ErrConflict, driver: err}
	}
	return t.explain(ctx, "put", err)
}

// replaceOrInsert is not done if somebody else has inserted the user after replace
// found none, or has another unique value of the user.
func (t *Tx) replaceOrInsert(ctx context.Context, user userstore.User, keepCreatedAt bool, values []any) (put userstore.User, done bool, err error) {
	s := t.store
	put, err = t.replace(ctx, s.layout.assignAll(user, keepCreatedAt, s.engine.timeLayout, values))
	if !errors.Is(err, userstore.ErrNotFound) {
		return put, true, err
	}
	taken, err := t.insertNew(ctx, s.layout.insertArgs(user, s.engine.timeLayout, values))
	return user, !taken, err
}

// replace sets every column of the user's row and returns what it then holds. Where
// UPDATE does not return the row, the row is locked first, since the number of
// changed rows does not tell whether there is one.
func (t *Tx) replace(ctx context.Context, a assignment) (userstore.User, error) {
	s := t.store
	if s.engine.returning {
		return s.allowRewrites(s.queryUser(ctx, t.tx, command{text: s.texts.replace}, a))
	}
	if _, err := s.queryUser(ctx, t.tx, command{text: s.texts.lock}, a.read()); err != nil {
		return userstore.User{}, err
	}
	if _, err := t.tx.ExecContext(ctx, s.texts.replace, a.args...); err != nil {
		return userstore.User{}, err
	}
	return s.allowRewrites(s.layout.scanAssigned(t.tx.QueryRowContext(ctx, s.texts.lock, a.key()...), a))
}

// insertNew inserts the user unless the id, or another unique value, is taken.
func (t *Tx) insertNew(ctx context.Context, args []any) (taken bool, err error) {
	e := &t.store.engine
	result, err := t.tx.ExecContext(ctx, t.store.texts.insertNew, args...)
	if err != nil {
		if e.onConflict == "" && t.store.layout.isID(e.classify(err)) {
			return true, nil // in such an engine, the error does not end the transaction
		}
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 0, err
}
